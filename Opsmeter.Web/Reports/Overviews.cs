using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Reads what the first page shows.</summary>
public sealed class Overviews(
    SpendReports reports, SpendStacks stacks, BudgetStates states, BudgetForecasts forecasts, RequestList requests, StateChanges changes, RecentReads recent)
{
    private const int Rows = 8;

    /// <summary>Reads a view.</summary>
    /// <param name="period">The view.</param>
    /// <param name="by">What the columns are stacked by.</param>
    /// <param name="last">What was read before for the same view, or null.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<Overview> ReadAsync(SpendPeriod period, Dimension by, Overview? last = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(period);
        var (sums, rows, totals) = await ReadColumnsAsync(period, by, cancellation);
        var before = period.QueryBefore is { } query ? await reports.ReadAsync(query, cancellation) : null;
        var previous = await stacks.PreviousAsync(period, last?.Stack, cancellation);
        return recent.Keep(
            period.WorkspaceId, KeyOf(period.View, by),
            new Overview(sums, before?.Totals.Sums, SpendStack.Of(period.Range, rows, totals, previous)));
    }

    /// <summary>Reads this moment.</summary>
    public async Task<OverviewNow> ReadNowAsync(int workspaceId, CancellationToken cancellation = default)
    {
        var everything = new RequestFilter { Environment = null, DataMode = null };
        var latest = await requests.ReadAsync(workspaceId, everything, null, Rows, cancellation);
        var moved = await changes.ReadAsync(workspaceId, Rows, cancellation);
        return recent.Keep(workspaceId, nameof(OverviewNow), new OverviewNow(forecasts.AddKnown(workspaceId, states.Read(workspaceId)), latest.Items, moved));
    }

    /// <summary>What was read of a view in the last seconds, or null.</summary>
    public Overview? Recent(int workspaceId, SpendView view, Dimension by) => recent.Recall<Overview>(workspaceId, KeyOf(view, by));

    /// <summary>This moment as it was read in the last seconds, or null.</summary>
    public OverviewNow? RecentNow(int workspaceId) => recent.Recall<OverviewNow>(workspaceId, nameof(OverviewNow));

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
}
