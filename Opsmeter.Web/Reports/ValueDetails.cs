using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Reads everything about one endpoint, user or tenant.</summary>
public sealed class ValueDetails(SpendReports reports, SpendStacks stacks, RecentReads recent)
{
    /// <summary>Reads a view of one value.</summary>
    /// <param name="period">The view, filtered to that value.</param>
    /// <param name="stackBy">What its columns are stacked by; one of <paramref name="parts"/>.</param>
    /// <param name="parts">The dimensions that it is broken down by.</param>
    /// <param name="last">What was read before for the same view, or null.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<ValueDetail> ReadAsync(
        SpendPeriod period, Dimension stackBy, IReadOnlyList<Dimension> parts, ValueDetail? last = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(period);
        ArgumentNullException.ThrowIfNull(parts);
        var whole = await reports.ReadAsync(period.Query with { WithLatency = true }, cancellation);
        var before = period.QueryBefore is { } query ? await reports.ReadAsync(query, cancellation) : null;
        var columns = await reports.ReadAsync(period.ByColumn(stackBy), cancellation);
        var read = new List<DetailPart>();
        foreach (var part in parts)
        {
            // What the columns are stacked by is in them already.
            var rows = part == stackBy ? Together(columns.Rows) : (await reports.ReadAsync(period.Query with { GroupBy = part }, cancellation)).Rows;
            read.Add(new DetailPart(part, [.. rows.Select(row => new ValueLine(row.Value, row.Sums, null, null, null))]));
        }

        var previous = await stacks.PreviousAsync(period, last?.Stack, cancellation);
        return recent.Keep(
            period.WorkspaceId, KeyOf(period.View, stackBy),
            new ValueDetail(
                period, stackBy, whole.Totals.Sums, before?.Totals.Sums, whole.Totals.Latency,
                SpendStack.Of(period.Range, columns.Rows, null, previous), read));
    }

    /// <summary>What was read of a view in the last seconds, or null.</summary>
    public ValueDetail? Recent(int workspaceId, SpendView view, Dimension stackBy) =>
        recent.Recall<ValueDetail>(workspaceId, KeyOf(view, stackBy));

    private static string KeyOf(SpendView view, Dimension stackBy) => $"{nameof(ValueDetail)} {stackBy} {view.ToQuery()}";

    private static IEnumerable<SpendRow> Together(IEnumerable<SpendRow> rows) => rows
        .GroupBy(row => row.Value)
        .Select(group => new SpendRow(group.Key, null, null, group.Aggregate(default(SpendSums), (sum, row) => sum + row.Sums)))
        .OrderByDescending(row => row.Sums.Priced)
        .ThenBy(row => row.Value, StringComparer.Ordinal);
}
