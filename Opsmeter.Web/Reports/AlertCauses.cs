using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;

using Opsmeter.Web.Documents;
namespace Opsmeter.Web.Reports;

/// <summary>Finds who is behind a budget's spend in a window: an alert is never only a total.</summary>
public sealed class AlertCauses(SpendReports reports)
{
    private const int Most = 3;
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    /// <summary>Reads the dearest of what a budget counted, with their change against the same hours a week before.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="budget">The budget; null where it is gone.</param>
    /// <param name="window">The window.</param>
    /// <param name="until">Up to when, inclusive.</param>
    /// <param name="keys">The keys that it is about, of a budget that counts by one; empty for all.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>Who is behind it, or null; and the page that shows it.</returns>
    public async Task<(AlertConcentration? Found, string Link)> FindAsync(
        int workspaceId, Budget? budget, TimeWindow window, DateTimeOffset until, IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        // A window without end, or of a year: what came of late is what matters.
        var start = until - window.Start > TimeSpan.FromDays(31) ? until - TimeSpan.FromDays(31) : window.Start;
        var range = new TimeWindow(start, until + TimeSpan.FromTicks(1));
        if (budget is null)
        {
            return (null, "investigate" + new SpendView().In(range).ToQuery());
        }

        var query = new SpendQuery
        {
            WorkspaceId = workspaceId, Range = range, Measures = SpendMeasures.Cost,
            Environment = budget.Environments is [var environment] ? environment : null, DataMode = budget.DataModes is [var mode] ? mode : null,
        };
        var only = await OnlyAsync(budget, query, cancellation);
        if (budget.Per is { } per && keys.Count > 0)
        {
            only[per] = keys;
        }

        query = query with { Only = only };
        var link = LinkOf(query, range);
        var endpoints = await PartsAsync(query, Dimension.EndpointTag, cancellation);
        if (endpoints.Count == 0)
        {
            return (null, link);
        }

        var tenants = await PartsAsync(query, Dimension.TenantId, cancellation);
        var by = tenants.Any(part => part.Value is not null) ? Dimension.TenantId : Dimension.UserId;
        tenants = by == Dimension.TenantId ? tenants : await PartsAsync(query, by, cancellation);
        return (new AlertConcentration(endpoints, tenants, by, await NewVersionsAsync(query, cancellation)), link);
    }

    /// <summary>The exact values that the conditions match; a condition that matches none keeps its own.</summary>
    private async Task<Dictionary<Dimension, IReadOnlyList<string>>> OnlyAsync(Budget budget, SpendQuery query, CancellationToken cancellation)
    {
        var only = new Dictionary<Dimension, IReadOnlyList<string>>();
        foreach (var condition in budget.Conditions)
        {
            var report = await reports.ReadAsync(query with { GroupBy = condition.Dimension }, cancellation);
            var matched = report.Rows.Select(row => row.Value).OfType<string>().Where(condition.Matches).ToArray();
            only[condition.Dimension] = matched.Length > 0 ? matched : condition.Values;
        }

        return only;
    }

    private async Task<List<AlertPart>> PartsAsync(SpendQuery query, Dimension dimension, CancellationToken cancellation)
    {
        var now = await reports.ReadAsync(query with { GroupBy = dimension }, cancellation);
        var before = (await reports.ReadAsync(query with { GroupBy = dimension, Range = new TimeWindow(query.Range.Start - Week, query.Range.End - Week) }, cancellation))
            .Rows.ToDictionary(row => row.Value ?? "", row => row.Sums.Priced, StringComparer.Ordinal);
        var total = now.Totals.Sums.Priced;
        return total <= Usd.Zero
            ? []
            : [.. now.Rows.OrderByDescending(row => row.Sums.Priced).ThenBy(row => row.Value, StringComparer.Ordinal).Take(Most).Where(row => row.Sums.Priced > Usd.Zero)
                .Select(row => new AlertPart(
                    row.Value, row.Sums.Priced.Dollars, (decimal)row.Sums.Priced.Nano / total.Nano,
                    (row.Sums.Priced - before.GetValueOrDefault(row.Value ?? "")).Dollars))];
    }

    /// <summary>The prompt versions of the window that none of its four weeks before had.</summary>
    private async Task<IReadOnlyList<string>> NewVersionsAsync(SpendQuery query, CancellationToken cancellation)
    {
        var now = await reports.ReadAsync(query with { GroupBy = Dimension.PromptVersion }, cancellation);
        var before = await reports.ReadAsync(
            query with { GroupBy = Dimension.PromptVersion, Range = new TimeWindow(query.Range.Start - (4 * Week), query.Range.Start) }, cancellation);
        var known = before.Rows.Select(row => row.Value).ToHashSet(StringComparer.Ordinal);
        return before.Rows.Count == 0 ? [] : [.. now.Rows.Where(row => row.Value is not null && !known.Contains(row.Value))
            .OrderByDescending(row => row.Sums.Priced).Take(Most).Select(row => row.Value!)];
    }

    private static string LinkOf(SpendQuery query, TimeWindow range)
    {
        var view = new SpendView { Environment = query.Environment, DataMode = query.DataMode }.In(range);
        return "investigate" + (view with { Filters = [.. query.Only.Select(only => new SpendFilter(only.Key, only.Value))] }).ToQuery();
    }
}
