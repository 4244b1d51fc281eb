using Opsmeter.Core;
using Opsmeter.Core.Analysis;

namespace Opsmeter.Web.Reports;

/// <summary>Takes the difference between two periods apart.</summary>
public sealed class SpendChanges(SpendReports reports)
{
    /// <summary>The change from one range to another, with the same filters.</summary>
    /// <param name="query">Filters and the later range.</param>
    /// <param name="before">The earlier range.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<SpendChange> ReadAsync(SpendQuery query, TimeWindow before, CancellationToken cancellation = default)
    {
        var (now, old) = await reports.ReadCellsAsync(query, before, cancellation);
        return SpendChange.Between(now.Keys.Union(old.Keys).Select(cell => (old.GetValueOrDefault(cell), now.GetValueOrDefault(cell))));
    }
}
