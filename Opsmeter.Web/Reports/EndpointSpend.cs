using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>The endpoints seen lately, with what they cost in production.</summary>
public sealed class EndpointSpend(SpendReports reports, TimeProvider time)
{
    /// <summary>Endpoints with requests since a while ago, dearest first.</summary>
    public async Task<IReadOnlyList<EndpointSpendItem>> ReadAsync(int workspaceId, TimeSpan back)
    {
        var now = time.GetUtcNow();
        var report = await reports.ReadAsync(new SpendQuery
        {
            WorkspaceId = workspaceId,
            Range = new TimeWindow(now - back, now.AddMinutes(5)),
            GroupBy = Dimension.EndpointTag,
        });
        return [.. report.Rows.Select(row => new EndpointSpendItem(
            row.Value ?? "", row.Sums.Cost?.Dollars, row.Sums.Requests, row.Sums.Unpriced))];
    }
}

/// <summary>One endpoint; its cost in USD is null where none of its requests is priced.</summary>
public sealed record EndpointSpendItem(string EndpointTag, decimal? CostUsd, long Requests, long Unpriced);
