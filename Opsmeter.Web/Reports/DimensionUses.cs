using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Reads which values requests lately had, so that whoever writes a condition sees what it meets.</summary>
public sealed class DimensionUses(SpendReports reports, RecentReads recent, TimeProvider time)
{
    /// <summary>How many days are read.</summary>
    public const int Days = 30;

    /// <summary>The values of a dimension.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="dimension">The dimension.</param>
    /// <param name="environment">Only this environment; null for all.</param>
    /// <param name="mode">Only this data mode; null for all.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<DimensionUse> ReadAsync(
        int workspaceId, Dimension dimension, DeploymentEnvironment? environment, DataMode? mode, CancellationToken cancellation = default)
    {
        var key = $"{nameof(DimensionUses)} {dimension} {environment} {mode}";
        if (recent.Recall<DimensionUse>(workspaceId, key) is { } known)
        {
            return known;
        }

        var now = time.GetUtcNow();
        var report = await reports.ReadAsync(
            new SpendQuery
            {
                WorkspaceId = workspaceId,
                Range = new TimeWindow(now.AddDays(-Days), now.AddMinutes(5)),
                GroupBy = dimension,
                Environment = environment,
                DataMode = mode,
                Measures = SpendMeasures.Cost,
            },
            cancellation);
        return recent.Keep(workspaceId, key, new DimensionUse(
            dimension,
            [.. report.Rows.Where(row => row.Value is not null).Select(row => new ValueUse(row.Value!, row.Sums.Requests, row.Sums.Priced))],
            report.Totals.Sums.Requests, report.Totals.Sums.Priced, Days));
    }
}
