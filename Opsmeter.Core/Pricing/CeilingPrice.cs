namespace Opsmeter.Core.Pricing;

/// <summary>What an unpriced request counts as under a hard cap, where no setting says so.</summary>
/// <param name="InputPerMillion">USD per million input tokens.</param>
/// <param name="OutputPerMillion">USD per million output tokens.</param>
public readonly record struct CeilingPrice(decimal InputPerMillion, decimal OutputPerMillion);
