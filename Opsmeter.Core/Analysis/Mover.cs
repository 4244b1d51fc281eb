namespace Opsmeter.Core.Analysis;

/// <summary>One value of a dimension and what it has to do with a change of spend, up or down.</summary>
/// <param name="Value">The value; null for requests without one.</param>
/// <param name="Before">What it spent in the earlier period.</param>
/// <param name="After">What it spent in the later one.</param>
/// <param name="ShareOfChange">Its change ÷ the whole change, negative where it moved against it; null where spend did not change.</param>
/// <param name="IsNew">True where it had no request in the earlier period.</param>
public sealed record Mover(string? Value, Usd Before, Usd After, double? ShareOfChange, bool IsNew)
{
    /// <summary>How much more it spent; negative for less.</summary>
    public Usd Change => After - Before;
}
