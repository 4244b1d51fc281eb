using Opsmeter.Core;

namespace Opsmeter.Web.Reports;

/// <summary>Sums of requests. The default value is no request.</summary>
public readonly record struct SpendSums(
    long Requests, long Errors, long Unpriced, Usd Priced, long InputTokens, long OutputTokens, long CachedInputTokens,
    long CacheWriteTokens, long ReasoningTokens, long AudioTokens)
{
    /// <summary>What the priced requests cost; null where there are requests and none of them is priced.</summary>
    public Usd? Cost => Requests > 0 && Unpriced >= Requests ? null : Priced;

    public static SpendSums operator +(SpendSums a, SpendSums b) => new(
        a.Requests + b.Requests, a.Errors + b.Errors, a.Unpriced + b.Unpriced, a.Priced + b.Priced,
        a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens, a.CachedInputTokens + b.CachedInputTokens,
        a.CacheWriteTokens + b.CacheWriteTokens, a.ReasoningTokens + b.ReasoningTokens, a.AudioTokens + b.AudioTokens);
}
