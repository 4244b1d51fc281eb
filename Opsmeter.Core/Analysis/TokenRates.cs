namespace Opsmeter.Core.Analysis;

/// <summary>What a model's text tokens cost, in USD per million.</summary>
/// <param name="Input">Input that no cache served.</param>
/// <param name="Cached">Input that a cache served.</param>
/// <param name="Output">Output.</param>
public readonly record struct TokenRates(double Input, double Cached, double Output);
