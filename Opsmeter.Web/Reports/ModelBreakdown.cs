using Opsmeter.Core;

namespace Opsmeter.Web.Reports;

/// <summary>The spend of a view by provider and model.</summary>
/// <param name="Period">The view.</param>
/// <param name="Totals">All models together.</param>
/// <param name="Lines">The models, dearest first; then those that only spent before.</param>
/// <param name="Stack">Spend by column, of models.</param>
public sealed record ModelBreakdown(SpendPeriod Period, SpendSums Totals, IReadOnlyList<ModelLine> Lines, SpendStack Stack)
{
    /// <summary>A model's share of all spend, 0 to 1; null where it is unpriced or nothing was spent.</summary>
    public decimal? ShareOf(ModelLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Sums.Cost is { } cost && Totals.Priced > Usd.Zero ? (decimal)cost.Nano / Totals.Priced.Nano : null;
    }
}
