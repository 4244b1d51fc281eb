using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Reads spend by column.</summary>
public sealed class SpendStacks(SpendReports reports, SlowReads slow)
{
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The most values that are read by column and with their latency, where there are more: more than anyone reads, few
    /// enough to read in a moment.
    /// </summary>
    public const int MostValues = 200;

    /// <summary>The dearest values of a report by one dimension, where it has more than <see cref="MostValues"/>; else null for all.</summary>
    public static IReadOnlyList<string>? DearestOf(SpendReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Rows.Count <= MostValues
            ? null
            : [.. report.Rows.Select(row => row.Value).Where(value => value is not (null or SpendReports.Other)).Take(MostValues).Select(value => value!)];
    }

    /// <summary>A query narrowed to some values of what it groups by; null for all of them.</summary>
    public static SpendQuery Within(SpendQuery query, IReadOnlyList<string>? values)
    {
        ArgumentNullException.ThrowIfNull(query);
        return values is null || query.GroupBy is not { } dimension
            ? query
            : query with { Only = new Dictionary<Dimension, IReadOnlyList<string>>(query.Only) { [dimension] = values } };
    }

    /// <summary>Reads spend by value and column.</summary>
    /// <param name="period">The view.</param>
    /// <param name="dimension">The dimension.</param>
    /// <param name="dearest">The only values that are read; null for all.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <returns>The rows; and dollars by column of all values, where the rows have only some.</returns>
    public async Task<(IReadOnlyList<SpendRow> Rows, IReadOnlyList<decimal>? Totals)> ReadAsync(
        SpendPeriod period, Dimension dimension, IReadOnlyList<string>? dearest, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(period);
        var rows = (await reports.ReadAsync(Within(period.ByColumn(dimension), dearest), cancellation)).Rows;
        return (rows, dearest is null ? null : SpendStack.DollarsOf(period.Range, (await reports.ReadAsync(period.ByColumn(null), cancellation)).Rows));
    }

    /// <summary>
    /// Dollars by column of the whole time that a view is compared with. That time is over: what was read for the same
    /// columns a moment ago still holds. Of the running column too it is a whole one: the line then stands still, and says
    /// where the column may end.
    /// </summary>
    /// <param name="period">The view.</param>
    /// <param name="last">What was read before for the same view, or null.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <returns>Null where the view is compared with nothing.</returns>
    public async Task<IReadOnlyList<decimal>?> PreviousAsync(SpendPeriod period, SpendStack? last, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(period);
        if (period.ByColumnBefore is not { Columns: { } starts } query)
        {
            return null;
        }

        if (last is { Previous: { } known } && last.Range.Window == period.Range.Window && known.Count == starts.Count)
        {
            return known;
        }

        return await slow.ReadAsync(
            period.WorkspaceId, $"{nameof(SpendStacks)} {SlowKey.Of(period)}", Keep, () => ReadPreviousAsync(query, starts, period.Range.Window.Length), cancellation);
    }

    private async Task<decimal[]> ReadPreviousAsync(SpendQuery query, IReadOnlyList<DateTimeOffset> starts, TimeSpan length)
    {
        var report = await reports.ReadAsync(query with { Range = new TimeWindow(query.Range.Start, query.Range.Start + length) });
        var dollars = new decimal[starts.Count];
        var columns = starts.Select((start, index) => (start, index)).ToDictionary(column => column.start, column => column.index);
        foreach (var row in report.Rows)
        {
            if (row.Bucket is { } bucket && columns.TryGetValue(bucket, out var column))
            {
                dollars[column] += row.Sums.Priced.Dollars;
            }
        }

        return dollars;
    }
}
