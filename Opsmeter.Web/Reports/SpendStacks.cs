using Opsmeter.Core;

namespace Opsmeter.Web.Reports;

/// <summary>Reads spend by column.</summary>
public sealed class SpendStacks(SpendReports reports)
{
    /// <summary>
    /// Dollars by column of the whole time that a view is compared with. That time is over: what was read for the same
    /// columns a moment ago still holds.
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

        var whole = new TimeWindow(query.Range.Start, query.Range.Start + period.Range.Window.Length);
        var report = await reports.ReadAsync(query with { Range = whole }, cancellation);
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
