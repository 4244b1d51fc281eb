using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Everything about one endpoint, user or tenant in a range.</summary>
/// <param name="Period">The view, of that value alone.</param>
/// <param name="StackedBy">What its columns are stacked by.</param>
/// <param name="Totals">Its sums.</param>
/// <param name="Before">The same of the time it is compared with; null for nothing.</param>
/// <param name="Latency">Percentiles of its requests; null without requests.</param>
/// <param name="Stack">Spend by column.</param>
/// <param name="Parts">What it is made of, by each other dimension.</param>
public sealed record ValueDetail(
    SpendPeriod Period, Dimension StackedBy, SpendSums Totals, SpendSums? Before, LatencyPercentiles? Latency, SpendStack Stack,
    IReadOnlyList<DetailPart> Parts);

/// <summary>The spend of one value by the values of another dimension, dearest first.</summary>
public sealed record DetailPart(Dimension Dimension, IReadOnlyList<ValueLine> Lines);
