using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Reads what the first page shows.</summary>
public sealed class Overviews(
    SpendReports reports, BudgetStates states, RequestList requests, StateChanges changes, RecentReads recent, SlowReads slow)
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
        var report = await reports.ReadAsync(period.ByColumn(by), cancellation);
        var before = period.QueryBefore is { } query ? await reports.ReadAsync(query, cancellation) : null;
        return recent.Keep(
            period.WorkspaceId, KeyOf(period.View, by),
            new Overview(period.Range, report.Totals.Sums, before?.Totals.Sums, SeriesOf(period.Range, report), await PreviousAsync(period, cancellation)));
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

    private static string KeyOf(SpendView view, Dimension by) => $"{nameof(Overview)} {by} {view.ToQuery()}";

    private static List<OverviewSeries> SeriesOf(SpendRange range, SpendReport report)
    {
        var byValue = report.Rows.GroupBy(row => row.Value ?? Unknown, StringComparer.Ordinal)
            .OrderByDescending(group => group.Sum(row => row.Sums.Priced.Nano))
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .ToArray();
        var series = byValue.Take(Named).Select(group => new OverviewSeries(group.Key, Dollars(group))).ToList();
        if (byValue.Length > Named)
        {
            series.Add(new OverviewSeries(null, Dollars(byValue.Skip(Named).SelectMany(group => group))));
        }

        return series;

        decimal[] Dollars(IEnumerable<SpendRow> rows)
        {
            var dollars = new decimal[range.Starts.Count];
            foreach (var row in rows)
            {
                if (row.Bucket is { } bucket && range.ColumnAt(bucket) is >= 0 and var column)
                {
                    dollars[column] += row.Sums.Priced.Dollars;
                }
            }

            return dollars;
        }
    }
}
