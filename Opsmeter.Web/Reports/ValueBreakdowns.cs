using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>
/// Reads spend by the values of a dimension: what each spent now and before, its latency and its trend. Three queries; of a
/// dimension with very many values only the dearest have a trend, and the columns' totals are asked for apart.
/// </summary>
public sealed class ValueBreakdowns(SpendReports reports, SpendStacks stacks, RecentReads recent)
{
    /// <summary>How many values have a trend: more rows than anyone reads, few enough to read by column.</summary>
    public const int MostTrends = 200;

    /// <summary>Reads a view.</summary>
    /// <param name="period">The view.</param>
    /// <param name="dimension">What it is broken down by.</param>
    /// <param name="last">What was read before for the same view, or null.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<ValueBreakdown> ReadAsync(
        SpendPeriod period, Dimension dimension, ValueBreakdown? last = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(period);
        var now = await reports.ReadAsync(period.Query with { GroupBy = dimension, WithLatency = true }, cancellation);
        var before = period.QueryBefore is { } query ? await reports.ReadAsync(query with { GroupBy = dimension }, cancellation) : null;
        var (columns, totals) = await ReadColumnsAsync(period, dimension, now, cancellation);
        var previous = await stacks.PreviousAsync(period, last?.Stack, cancellation);
        return recent.Keep(
            period.WorkspaceId, KeyOf(period.View, dimension),
            new ValueBreakdown(
                period, dimension, now.Totals.Sums, before?.Totals.Sums, LinesOf(period.Range, now, before, columns),
                SpendStack.Of(period.Range, columns, totals, previous)));
    }

    /// <summary>What was read of a view in the last seconds, or null.</summary>
    public ValueBreakdown? Recent(int workspaceId, SpendView view, Dimension dimension) =>
        recent.Recall<ValueBreakdown>(workspaceId, KeyOf(view, dimension));

    private static string KeyOf(SpendView view, Dimension dimension) => $"{nameof(ValueBreakdown)} {dimension} {view.ToQuery()}";

    private async Task<(IReadOnlyList<SpendRow> Rows, IReadOnlyList<decimal>? Totals)> ReadColumnsAsync(
        SpendPeriod period, Dimension dimension, SpendReport now, CancellationToken cancellation)
    {
        var query = period.ByColumn(dimension);
        if (now.Rows.Count <= MostTrends)
        {
            return ((await reports.ReadAsync(query, cancellation)).Rows, null);
        }

        var only = new Dictionary<Dimension, IReadOnlyList<string>>(period.View.Only)
        {
            [dimension] = [.. now.Rows.Where(row => row.Value is not (null or ValueLine.Folded)).Take(MostTrends).Select(row => row.Value!)],
        };
        var dearest = await reports.ReadAsync(query with { Only = only }, cancellation);
        var all = await reports.ReadAsync(period.ByColumn(null), cancellation);
        return (dearest.Rows, SpendStack.DollarsOf(period.Range, all.Rows));
    }

    private static List<ValueLine> LinesOf(SpendRange range, SpendReport now, SpendReport? before, IReadOnlyList<SpendRow> columns)
    {
        var trends = columns.ToLookup(row => row.Value);
        var old = before?.Rows.ToLookup(row => row.Value, row => row.Sums);
        var lines = now.Rows
            .Select(row => new ValueLine(
                row.Value, row.Sums, old?[row.Value].FirstOrDefault(), row.Latency?.P95Ms,
                trends.Contains(row.Value) ? SpendStack.DollarsOf(range, trends[row.Value]) : null))
            .ToList();
        var present = now.Rows.Select(row => row.Value).ToLookup(value => value);
        lines.AddRange((before?.Rows ?? [])
            .Where(row => !present.Contains(row.Value))
            .Select(row => new ValueLine(row.Value, default, row.Sums, null, null)));
        return lines;
    }
}
