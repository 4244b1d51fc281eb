namespace Opsmeter.Tests.Browser;

/// <summary>What a page showed from one moment until the next.</summary>
/// <param name="At">Since when.</param>
/// <param name="Page">The page by its heading: the address is ahead of what is drawn.</param>
/// <param name="Query">Its address' query.</param>
/// <param name="Range">What it said the range was.</param>
/// <param name="Total">The total; null where it showed none.</param>
/// <param name="IsWaiting">True where a skeleton stood in its place.</param>
internal sealed record SeenTotal(DateTimeOffset At, string Page, string Query, string Range, decimal? Total, bool IsWaiting);
