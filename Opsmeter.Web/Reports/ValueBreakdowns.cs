using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>
/// Reads spend by the values of a dimension: what each spent now and before, its latency and its trend. Of a dimension with
/// very many values only the dearest have a latency and a trend: of all it would take a second, for rows that nobody reads.
/// </summary>
public sealed class ValueBreakdowns(SpendReports reports, SpendStacks stacks, RecentReads recent)
{
    /// <summary>Reads a view.</summary>
    /// <param name="period">The view.</param>
    /// <param name="dimension">What it is broken down by.</param>
    /// <param name="last">What was read before for the same view, or null.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<ValueBreakdown> ReadAsync(
        SpendPeriod period, Dimension dimension, ValueBreakdown? last = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(period);
        var now = await reports.ReadAsync(period.Query with { GroupBy = dimension }, cancellation);
        var before = period.QueryBefore is { } query ? await reports.ReadAsync(query with { GroupBy = dimension }, cancellation) : null;
        var dearest = SpendStacks.DearestOf(now);
        var latency = await reports.ReadAsync(
            SpendStacks.Within(period.Query with { GroupBy = dimension, WithLatency = true }, dearest), cancellation);
        var (columns, totals) = await stacks.ReadAsync(period, dimension, dearest, cancellation);
        var previous = await stacks.PreviousAsync(period, last?.Stack, cancellation);
        return recent.Keep(
            period.WorkspaceId, KeyOf(period.View, dimension),
            new ValueBreakdown(
                period, dimension, now.Totals.Sums, before?.Totals.Sums, LinesOf(period.Range, now, before, latency, columns),
                SpendStack.Of(period.Range, columns, totals, previous)));
    }

    /// <summary>What was read of a view in the last seconds, or null.</summary>
    public ValueBreakdown? Recent(int workspaceId, SpendView view, Dimension dimension) =>
        recent.Recall<ValueBreakdown>(workspaceId, KeyOf(view, dimension));

    private static string KeyOf(SpendView view, Dimension dimension) => $"{nameof(ValueBreakdown)} {dimension} {view.ToQuery()}";

    private static List<ValueLine> LinesOf(
        SpendRange range, SpendReport now, SpendReport? before, SpendReport latency, IReadOnlyList<SpendRow> columns)
    {
        var trends = columns.ToLookup(row => row.Value);
        var latencies = latency.Rows.ToLookup(row => row.Value, row => row.Latency?.P95Ms);
        var old = before?.Rows.ToLookup(row => row.Value, row => row.Sums);
        var lines = now.Rows
            .Select(row => new ValueLine(
                row.Value, row.Sums, old?[row.Value].FirstOrDefault(), latencies[row.Value].FirstOrDefault(),
                trends.Contains(row.Value) ? SpendStack.DollarsOf(range, trends[row.Value]) : null))
            .ToList();
        var present = now.Rows.Select(row => row.Value).ToLookup(value => value);
        lines.AddRange((before?.Rows ?? [])
            .Where(row => !present.Contains(row.Value))
            .Select(row => new ValueLine(row.Value, default, row.Sums, null, null)));
        return lines;
    }
}
