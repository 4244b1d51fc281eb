using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>The spend of a view by the values of one dimension.</summary>
/// <param name="Period">The view.</param>
/// <param name="Dimension">The dimension.</param>
/// <param name="Totals">All values together.</param>
/// <param name="Before">The same of the time it is compared with; null for nothing.</param>
/// <param name="Lines">The values, dearest first; then those that only spent before.</param>
/// <param name="Stack">Spend by column.</param>
public sealed record ValueBreakdown(
    SpendPeriod Period, Dimension Dimension, SpendSums Totals, SpendSums? Before, IReadOnlyList<ValueLine> Lines, SpendStack Stack)
{
    /// <summary>What is looked at.</summary>
    public SpendView View => Period.View;

    /// <summary>How far spend is in the hands of few; requests without the dimension are nobody's.</summary>
    public Concentration Concentration { get; } = Concentration.Of(Lines.Where(line => line.IsSingle).Select(line => line.Sums.Priced));

    /// <summary>The same of the time it is compared with; null for nothing.</summary>
    public Concentration? ConcentrationBefore { get; } =
        Before is null ? null : Concentration.Of(Lines.Where(line => line.IsSingle).Select(line => line.Before?.Priced ?? Usd.Zero));

    /// <summary>The share of spend whose requests do not have the dimension.</summary>
    public decimal UnknownShare => Lines.FirstOrDefault(line => line.Value is null) is { } unknown ? ShareOf(unknown) ?? 0 : 0;

    /// <summary>A value's share of all spend, 0 to 1; null where it is unpriced or nothing was spent.</summary>
    public decimal? ShareOf(ValueLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Sums.Cost is { } cost && Totals.Priced > Usd.Zero ? (decimal)cost.Nano / Totals.Priced.Nano : null;
    }
}
