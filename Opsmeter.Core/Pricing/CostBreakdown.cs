namespace Opsmeter.Core.Pricing;

/// <summary>
/// The cost of one request by class, in USD, before rounding. <see cref="Total"/> is the only rounded amount, so it may
/// differ by less than a nano-USD from the sum of classes that were rounded for display.
/// </summary>
public sealed record CostBreakdown
{
    /// <summary>Input tokens of no other class.</summary>
    public decimal Input { get; init; }

    /// <summary>Input tokens read from a cache.</summary>
    public decimal Cached { get; init; }

    /// <summary>Input tokens written to a cache for five minutes.</summary>
    public decimal CacheWrite5m { get; init; }

    /// <summary>Input tokens written to a cache for an hour.</summary>
    public decimal CacheWrite1h { get; init; }

    /// <summary>Audio tokens among the input.</summary>
    public decimal AudioInput { get; init; }

    /// <summary>Output tokens of no other class.</summary>
    public decimal Output { get; init; }

    /// <summary>Output tokens spent on reasoning.</summary>
    public decimal Reasoning { get; init; }

    /// <summary>Audio tokens among the output.</summary>
    public decimal AudioOutput { get; init; }

    /// <summary>The request itself.</summary>
    public decimal RequestFee { get; init; }

    /// <summary>The exact sum.</summary>
    public decimal Sum =>
        Input + Cached + CacheWrite5m + CacheWrite1h + AudioInput + Output + Reasoning + AudioOutput + RequestFee;

    /// <summary>The sum rounded once to nano-USD, half to even: the request's cost.</summary>
    public Usd Total => Usd.FromDollars(Sum);
}
