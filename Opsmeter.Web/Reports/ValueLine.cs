namespace Opsmeter.Web.Reports;

/// <summary>One value of a dimension in a range, and before it.</summary>
/// <param name="Value">The value; null for the requests that have none.</param>
/// <param name="Sums">Its sums.</param>
/// <param name="Before">Its sums in the time it is compared with; null where nothing is compared.</param>
/// <param name="P95Ms">The latency that 95 % of its requests do not exceed; null without requests, and where it is not among the dearest.</param>
/// <param name="Trend">Dollars by column; null where it is not among the dearest.</param>
public sealed record ValueLine(string? Value, SpendSums Sums, SpendSums? Before, int? P95Ms, IReadOnlyList<decimal>? Trend)
{
    /// <summary>The value under which a dimension's newcomers are counted once it has too many.</summary>
    public const string Folded = "__other__";

    /// <summary>True for a single value, which can be filtered by.</summary>
    public bool IsSingle => Value is not (null or Folded);

    /// <summary>True when a text occurs in its name, whatever the case; the nameless are found as "unknown" and "other".</summary>
    public bool Has(string? text) =>
        string.IsNullOrWhiteSpace(text)
        || (Value switch { null => "unknown", Folded => "other", _ => Value }).Contains(text.Trim(), StringComparison.OrdinalIgnoreCase);

    /// <summary>How its spend changed.</summary>
    public ValueChange Change => ValueChange.Between(Before, Sums);
}
