namespace Opsmeter.Web.Reports;

/// <summary>Spend of one value, column by column.</summary>
/// <param name="Value">The value; null for requests that have none, and for the rest.</param>
/// <param name="IsRest">True for everything that has no series of its own.</param>
/// <param name="Dollars">Dollars, one for each column.</param>
public sealed record StackSeries(string? Value, bool IsRest, IReadOnlyList<decimal> Dollars);
