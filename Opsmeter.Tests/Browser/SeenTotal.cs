namespace Opsmeter.Tests.Browser;

/// <summary>What a page showed from one moment until the next.</summary>
/// <param name="At">Since when.</param>
/// <param name="Path">The page.</param>
/// <param name="Query">Its address' query.</param>
/// <param name="Range">What it said the range was.</param>
/// <param name="Total">The total; null where it showed none.</param>
/// <param name="IsWaiting">True where a skeleton stood in its place.</param>
internal sealed record SeenTotal(DateTimeOffset At, string Path, string Query, string Range, decimal? Total, bool IsWaiting);
