namespace Opsmeter.Core.Budgets;

/// <summary>More money for a while: counts in full for every window it touches, to that window's end.</summary>
/// <param name="Amount">Added to the limit in USD, of every key; above zero.</param>
/// <param name="From">When it was given, inclusive.</param>
/// <param name="Until">When it ends, exclusive; later than <paramref name="From"/>.</param>
/// <param name="Reason">Why, in a person's words.</param>
public sealed record TemporaryIncrease(Usd Amount, DateTimeOffset From, DateTimeOffset Until, string Reason)
{
    /// <summary>True when the increase counts for this window.</summary>
    public bool Touches(TimeWindow window) => window.Overlaps(new TimeWindow(From, Until));
}
