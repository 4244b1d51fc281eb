namespace Opsmeter.Web.Reports;

/// <summary>One model of one provider in a range, and before it.</summary>
/// <param name="Model">The model, as sent.</param>
/// <param name="Provider">Its provider, in the catalogue's spelling; null where it is not known.</param>
/// <param name="Sums">Its sums.</param>
/// <param name="Before">Its sums in the time it is compared with; null where nothing is compared.</param>
public sealed record ModelLine(string? Model, string? Provider, SpendSums Sums, SpendSums? Before)
{
    /// <summary>How its spend changed.</summary>
    public ValueChange Change => ValueChange.Between(Before, Sums);
}
