using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Reads what the first page shows.</summary>
public sealed class Overviews(
    SpendReports reports, BudgetStates states, RequestList requests, StateChanges changes, SpendStacks stacks, RecentReads recent, SlowReads slow)
{
    private const int Named = 5;
    private const int Rows = 8;
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(30);

    /// <summary>What requests without the dimension are called.</summary>
    public const string Unknown = "(none)";

    /// <summary>Reads a view.</summary>
    /// <param name="period">The view.</param>
    /// <param name="by">What the columns are stacked by.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<Overview> ReadAsync(SpendPeriod period, Dimension by, CancellationToken cancellation = default)
    {
        var (sums, rows, totals) = await ReadColumnsAsync(period, by, cancellation);
        var before = period.QueryBefore is { } query ? await reports.ReadAsync(query, cancellation) : null;
        return recent.Keep(
            period.WorkspaceId, KeyOf(period.View, by),
            new Overview(period.Range, sums, before?.Totals.Sums, SeriesOf(period.Range, rows, totals), await PreviousAsync(period, cancellation)));
    }

    /// <summary>Reads this moment.</summary>
    public async Task<OverviewNow> ReadNowAsync(int workspaceId, CancellationToken cancellation = default)
    {
        var everything = new RequestFilter { Environment = null, DataMode = null };
        var latest = await requests.ReadAsync(workspaceId, everything, null, Rows, cancellation);
        var moved = await changes.ReadAsync(workspaceId, Rows, cancellation);
        return recent.Keep(workspaceId, nameof(OverviewNow), new OverviewNow(states.Read(workspaceId), latest.Items, moved));
    }

    /// <summary>What was read of a view in the last seconds, or null.</summary>
    public Overview? Recent(int workspaceId, SpendView view, Dimension by) => recent.Recall<Overview>(workspaceId, KeyOf(view, by));

    /// <summary>This moment as it was read in the last seconds, or null.</summary>
    public OverviewNow? RecentNow(int workspaceId) => recent.Recall<OverviewNow>(workspaceId, nameof(OverviewNow));

    /// <summary>
    /// What each column is compared with. Of the running one too that is a whole column: its line then stands still, and says
    /// where the column may end.
    /// </summary>
    private async Task<IReadOnlyList<decimal>?> PreviousAsync(SpendPeriod period, CancellationToken cancellation) =>
        period.ByColumnBefore is not { } before
            ? null
            : await slow.ReadAsync(
                period.WorkspaceId, $"{nameof(Overview.Previous)} {SlowKey.Of(period)}", Keep,
                async () =>
                {
                    var whole = before with { Range = new TimeWindow(before.Range.Start, before.Range.Start + period.Range.Window.Length) };
                    var report = await reports.ReadAsync(whole);
                    var dollars = new decimal[period.Range.Starts.Count];
                    foreach (var row in report.Rows)
                    {
                        var column = row.Bucket is { } bucket ? before.Columns!.TakeWhile(start => start <= bucket).Count() - 1 : -1;
                        if (column >= 0)
                        {
                            dollars[column] += row.Sums.Priced.Dollars;
                        }
                    }

                    return dollars;
                },
                cancellation);

    /// <summary>Of users and tenants there may be thousands: only the dearest are read by column.</summary>
    private async Task<(SpendSums Sums, IReadOnlyList<SpendRow> Rows, IReadOnlyList<decimal>? Totals)> ReadColumnsAsync(
        SpendPeriod period, Dimension by, CancellationToken cancellation)
    {
        if (by is not (Dimension.UserId or Dimension.TenantId))
        {
            var report = await reports.ReadAsync(period.ByColumn(by), cancellation);
            return (report.Totals.Sums, report.Rows, null);
        }

        var whole = await reports.ReadAsync(period.Query with { GroupBy = by }, cancellation);
        var (rows, totals) = await stacks.ReadAsync(period, by, SpendStacks.DearestOf(whole), cancellation);
        return (whole.Totals.Sums, rows, totals);
    }

    private static string KeyOf(SpendView view, Dimension by) => $"{nameof(Overview)} {by} {view.ToQuery()}";

    private static List<OverviewSeries> SeriesOf(SpendRange range, IReadOnlyList<SpendRow> rows, IReadOnlyList<decimal>? totals)
    {
        var byValue = rows.GroupBy(row => row.Value ?? Unknown, StringComparer.Ordinal)
            .OrderByDescending(group => group.Sum(row => row.Sums.Priced.Nano))
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .ToArray();
        var series = byValue.Take(Named).Select(group => new OverviewSeries(group.Key, SpendStack.DollarsOf(range, group))).ToList();
        if (totals is not null)
        {
            series.Add(new OverviewSeries(null, [.. totals.Select((dollars, column) => dollars - series.Sum(one => one.Dollars[column]))]));
        }
        else if (byValue.Length > Named)
        {
            series.Add(new OverviewSeries(null, SpendStack.DollarsOf(range, byValue.Skip(Named).SelectMany(group => group))));
        }

        return series;
    }
}
