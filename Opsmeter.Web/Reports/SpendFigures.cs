using Opsmeter.Core;

namespace Opsmeter.Web.Reports;

/// <summary>Figures that follow from sums.</summary>
public static class SpendFigures
{
    /// <summary>What a priced request cost on average; null where none is priced.</summary>
    public static Usd? CostPerRequest(this SpendSums sums) =>
        sums.Requests - sums.Unpriced is > 0 and var priced ? new Usd((long)decimal.Round((decimal)sums.Priced.Nano / priced)) : null;

    /// <summary>The share of requests that failed; null where there are none.</summary>
    public static decimal? ErrorShare(this SpendSums sums) => sums.Requests > 0 ? (decimal)sums.Errors / sums.Requests : null;

    /// <summary>The share of input tokens that were read from a cache; null where there are none.</summary>
    public static decimal? CachedShare(this SpendSums sums) => sums.InputTokens > 0 ? (decimal)sums.CachedInputTokens / sums.InputTokens : null;

    /// <summary>
    /// What a million tokens of the priced requests, input and output together, cost on average; null where those have no
    /// tokens.
    /// </summary>
    public static Usd? PerMillionTokens(this SpendSums sums) => sums.PricedTokens is > 0 and var tokens
        ? new Usd((long)decimal.Round((decimal)sums.Priced.Nano * 1_000_000 / tokens))
        : null;

    /// <summary>
    /// How far what was computed lies over what senders reported for the same requests: 0.02 where it is 2 % more. Null where
    /// none reported a cost, or all reported zero.
    /// </summary>
    public static decimal? ComputedOverReported(this SpendSums sums) => sums is { ReportedRequests: > 0 } && sums.Reported > Usd.Zero
        ? (decimal)(sums.ReportedComputed - sums.Reported).Nano / sums.Reported.Nano
        : null;
}
