namespace Opsmeter.Core.Pricing;

/// <summary>A rate for requests of many input tokens. It prices the whole request, not only the tokens past the step.</summary>
/// <param name="Above">In force where a request's total input tokens are more than this; exclusive.</param>
/// <param name="PerMillion">USD per million tokens.</param>
public readonly record struct RateStep(long Above, decimal PerMillion);
