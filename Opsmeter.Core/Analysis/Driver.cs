namespace Opsmeter.Core.Analysis;

/// <summary>One value of a dimension and what it added to a rise of spend.</summary>
/// <param name="Value">The value; null for requests without one.</param>
/// <param name="Cost">What it spent in the period.</param>
/// <param name="Change">That, less what it spends usually.</param>
/// <param name="ShareOfIncrease">Its change ÷ the whole change; above 1 where others fell.</param>
public sealed record Driver(string? Value, Usd Cost, Usd Change, double ShareOfIncrease);
