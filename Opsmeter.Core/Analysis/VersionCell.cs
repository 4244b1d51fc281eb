namespace Opsmeter.Core.Analysis;

/// <summary>The priced requests of one prompt version on one model.</summary>
/// <param name="Requests">How many; 0 or more.</param>
/// <param name="Dollars">What they cost together.</param>
/// <param name="InputTokens">Their input tokens, cached ones included.</param>
/// <param name="CachedTokens">Those of the input that a cache served.</param>
/// <param name="OutputTokens">Their output tokens, reasoning included.</param>
public readonly record struct VersionCell(long Requests, double Dollars, long InputTokens, long CachedTokens, long OutputTokens);
