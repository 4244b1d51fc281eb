using System.Collections.Concurrent;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Reads what the first page shows.</summary>
public sealed class Overviews(
    SpendReports reports, BudgetStates states, RequestList requests, StateChanges changes, Storage.Boards boards, TimeProvider time)
{
    private const int Named = 5;
    private const int Rows = 8;
    private const int MostKept = 64;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<object, (object Value, DateTimeOffset At)> _recent = new();

    /// <summary>What requests without the dimension are called.</summary>
    public const string Unknown = "(none)";

    /// <summary>Reads a range of production requests with real data.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="rangeName">The range's name; see <see cref="SpendRange.All"/>.</param>
    /// <param name="by">What the columns are stacked by.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<Overview> ReadAsync(
        int workspaceId, string? rangeName, Dimension by, CancellationToken cancellation = default)
    {
        var now = time.GetUtcNow();
        var zone = boards[workspaceId].Policy.Settings.TimeZone;
        var range = SpendRange.Of(rangeName, now, zone);
        var query = new SpendQuery
        {
            WorkspaceId = workspaceId, Range = range.Window, GroupBy = by, Interval = range.Interval, TimeZone = zone,
        };
        var report = await reports.ReadAsync(query, cancellation);
        var before = await reports.ReadAsync(
            query with { Range = range.Before(now), GroupBy = null, Interval = null }, cancellation);
        return Keep((workspaceId, rangeName, by), new Overview(range, report.Totals.Sums, before.Totals.Sums, SeriesOf(range, report)));
    }

    /// <summary>Reads this moment.</summary>
    public async Task<OverviewNow> ReadNowAsync(int workspaceId, CancellationToken cancellation = default)
    {
        var everything = new RequestFilter { Environment = null, DataMode = null };
        var latest = await requests.ReadAsync(workspaceId, everything, null, Rows, cancellation);
        var moved = await changes.ReadAsync(workspaceId, Rows, cancellation);
        return Keep((workspaceId, nameof(OverviewNow)), new OverviewNow(states.Read(workspaceId), latest.Items, moved));
    }

    /// <summary>
    /// What was read in the last seconds, or null: lets a page that was drawn as a document start live without drawing
    /// itself empty in between.
    /// </summary>
    public Overview? Recent(int workspaceId, string? rangeName, Dimension by) => Recall<Overview>((workspaceId, rangeName, by));

    /// <summary>This moment as it was read in the last seconds, or null.</summary>
    public OverviewNow? RecentNow(int workspaceId) => Recall<OverviewNow>((workspaceId, nameof(OverviewNow)));

    private T? Recall<T>(object key)
        where T : class =>
        _recent.TryGetValue(key, out var kept) && time.GetUtcNow() - kept.At < Fresh ? (T)kept.Value : null;

    private T Keep<T>(object key, T value)
        where T : class
    {
        if (_recent.Count >= MostKept)
        {
            _recent.Clear();
        }

        _recent[key] = (value, time.GetUtcNow());
        return value;
    }

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
