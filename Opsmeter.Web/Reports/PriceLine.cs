namespace Opsmeter.Web.Reports;

/// <summary>One class of a request's price.</summary>
/// <param name="Class">The member that reports its tokens, or <c>request</c> for a fee once a request.</param>
/// <param name="Label">How people name it.</param>
/// <param name="Tokens">How many; null for a fee.</param>
/// <param name="UsdPerMillion">The rate; null where none is known, and for a fee.</param>
/// <param name="Cost">Dollars before the one rounding of the total; null where it is unpriced.</param>
public sealed record PriceLine(string Class, string Label, long? Tokens, decimal? UsdPerMillion, decimal? Cost)
{
    /// <summary>The classes that a request used, in the order they are billed.</summary>
    public static IEnumerable<PriceLine> Of(RequestItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        var (usage, rates) = (item.Usage, item.Rates);
        var cost = rates?.Breakdown(usage);
        PriceLine[] all =
        [
            new("input", "Input", usage.PlainInput, rates?.Input, cost?.Input),
            new("cachedInput", "Input, cached", usage.Cached, rates?.Cached, cost?.Cached),
            new("cacheWrite5m", "Cache write, 5 minutes", usage.CacheWrite5m, rates?.CacheWrite5m, cost?.CacheWrite5m),
            new("cacheWrite1h", "Cache write, 1 hour", usage.CacheWrite1h, rates?.CacheWrite1h, cost?.CacheWrite1h),
            new("audioInput", "Audio input", usage.AudioInput, rates?.AudioInput, cost?.AudioInput),
            new("output", "Output", usage.PlainOutput, rates?.Output, cost?.Output),
            new("reasoning", "Reasoning", usage.Reasoning, rates?.Reasoning, cost?.Reasoning),
            new("audioOutput", "Audio output", usage.AudioOutput, rates?.AudioOutput, cost?.AudioOutput),
            new("request", "Request fee", null, null, rates?.RequestFee > 0 ? cost?.RequestFee : null),
        ];
        return all.Where(line => line.Tokens > 0 || (line.Tokens is null && line.Cost > 0));
    }
}
