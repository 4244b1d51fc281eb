namespace Opsmeter.Core.Pricing;

/// <summary>What an unpriced request is taken to cost under a hard cap, in USD per million tokens.</summary>
/// <param name="InputPerMillion">For input tokens.</param>
/// <param name="OutputPerMillion">For output tokens.</param>
public sealed record CeilingPrice(decimal InputPerMillion, decimal OutputPerMillion);
