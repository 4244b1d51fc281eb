namespace Opsmeter.Core.Pricing;

/// <summary>What each token class of a request cost, in USD, unrounded.</summary>
/// <param name="Input">Input text.</param>
/// <param name="Cached">Input read from a cache.</param>
/// <param name="CacheWrite">Input cached for five minutes.</param>
/// <param name="CacheWrite1h">Input cached for an hour.</param>
/// <param name="AudioInput">Audio input.</param>
/// <param name="Output">Output text.</param>
/// <param name="Reasoning">Reasoning.</param>
/// <param name="AudioOutput">Audio output.</param>
/// <param name="Request">The fee of a request whatever its size.</param>
public readonly record struct CostBreakdown(
    decimal Input, decimal Cached, decimal CacheWrite, decimal CacheWrite1h, decimal AudioInput, decimal Output,
    decimal Reasoning, decimal AudioOutput, decimal Request)
{
    /// <summary>The whole, unrounded.</summary>
    public decimal Total =>
        Input + Cached + CacheWrite + CacheWrite1h + AudioInput + Output + Reasoning + AudioOutput + Request;
}
