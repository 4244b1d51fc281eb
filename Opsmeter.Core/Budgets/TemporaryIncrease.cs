namespace Opsmeter.Core.Budgets;

/// <summary>More money for a while: counts in full for every window it touches, to that window's end.</summary>
/// <param name="Amount">Added to the limit in USD, of every key; above zero.</param>
/// <param name="From">When it was given, inclusive.</param>
/// <param name="Until">When it ends, exclusive; later than <paramref name="From"/>.</param>
/// <param name="Reason">Why, in a person's words.</param>
/// <param name="TakenBack">True when it is taken from the budget at <paramref name="Until"/>, in the middle of the window that it touches.</param>
public sealed record TemporaryIncrease(Usd Amount, DateTimeOffset From, DateTimeOffset Until, string Reason, bool TakenBack = false)
{
    /// <summary>True when the increase counts for this window.</summary>
    public bool Touches(TimeWindow window) => window.Overlaps(new TimeWindow(From, Until));
}
