using Opsmeter.Core;

namespace Opsmeter.Web.Reports;

/// <summary>Sums of requests. The default value is no request.</summary>
/// <param name="Requests">How many.</param>
/// <param name="Errors">Those that failed.</param>
/// <param name="Unpriced">Those without a price.</param>
/// <param name="Priced">What the others cost.</param>
/// <param name="InputTokens">All input, cached and cache-write tokens included.</param>
/// <param name="OutputTokens">All output, reasoning included.</param>
/// <param name="CachedInputTokens">Input read from a cache.</param>
/// <param name="CacheWriteTokens">Input written to a cache.</param>
/// <param name="ReasoningTokens">Output spent on reasoning.</param>
/// <param name="AudioTokens">Audio, in and out.</param>
/// <param name="UnpricedTokens">Input and output of the requests without a price.</param>
/// <param name="ReportedRequests">Priced requests whose sender reported a cost too.</param>
/// <param name="Reported">What the senders reported for those.</param>
/// <param name="ReportedComputed">What was computed for those.</param>
public readonly record struct SpendSums(
    long Requests, long Errors, long Unpriced, Usd Priced, long InputTokens, long OutputTokens, long CachedInputTokens,
    long CacheWriteTokens, long ReasoningTokens, long AudioTokens, long UnpricedTokens = 0, long ReportedRequests = 0,
    Usd Reported = default, Usd ReportedComputed = default)
{
    /// <summary>What the priced requests cost; null where there are requests and none of them is priced.</summary>
    public Usd? Cost => Requests > 0 && Unpriced >= Requests ? null : Priced;

    /// <summary>Input and output tokens of the priced requests.</summary>
    public long PricedTokens => InputTokens + OutputTokens - UnpricedTokens;

    public static SpendSums operator +(SpendSums a, SpendSums b) => new(
        a.Requests + b.Requests, a.Errors + b.Errors, a.Unpriced + b.Unpriced, a.Priced + b.Priced,
        a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens, a.CachedInputTokens + b.CachedInputTokens,
        a.CacheWriteTokens + b.CacheWriteTokens, a.ReasoningTokens + b.ReasoningTokens, a.AudioTokens + b.AudioTokens,
        a.UnpricedTokens + b.UnpricedTokens, a.ReportedRequests + b.ReportedRequests, a.Reported + b.Reported,
        a.ReportedComputed + b.ReportedComputed);
}
