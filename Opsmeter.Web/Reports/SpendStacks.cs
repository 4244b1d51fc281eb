using Opsmeter.Core;

namespace Opsmeter.Web.Reports;

/// <summary>Reads spend by column.</summary>
public sealed class SpendStacks(SpendReports reports, SlowReads slow)
{
    private static readonly TimeSpan Keep = TimeSpan.FromSeconds(30);

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
