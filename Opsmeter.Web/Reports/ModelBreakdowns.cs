using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Reads spend by provider and model.</summary>
public sealed class ModelBreakdowns(SpendReports reports, SpendStacks stacks, RecentReads recent)
{
    /// <summary>Reads a view.</summary>
    /// <param name="period">The view.</param>
    /// <param name="last">What was read before for the same view, or null.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<ModelBreakdown> ReadAsync(SpendPeriod period, ModelBreakdown? last = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(period);
        var now = await reports.ReadAsync(ByModel(period.Query), cancellation);
        var before = period.QueryBefore is { } query ? await reports.ReadAsync(ByModel(query), cancellation) : null;
        var columns = await reports.ReadAsync(period.ByColumn(Dimension.Model), cancellation);
        var previous = await stacks.PreviousAsync(period, last?.Stack, cancellation);
        return recent.Keep(
            period.WorkspaceId, KeyOf(period.View),
            new ModelBreakdown(period, now.Totals.Sums, LinesOf(now, before), SpendStack.Of(period.Range, columns.Rows, null, previous)));
    }

    /// <summary>What was read of a view in the last seconds, or null.</summary>
    public ModelBreakdown? Recent(int workspaceId, SpendView view) => recent.Recall<ModelBreakdown>(workspaceId, KeyOf(view));

    /// <summary>The query of a range by model and provider.</summary>
    internal static SpendQuery ByModel(SpendQuery query) => query with { GroupBy = Dimension.Model, ThenBy = Dimension.Provider, Measures = SpendMeasures.All };

    private static string KeyOf(SpendView view) => $"{nameof(ModelBreakdown)} {view.ToQuery()}";

    private static List<ModelLine> LinesOf(SpendReport now, SpendReport? before)
    {
        var old = before?.Rows.ToDictionary(row => (row.Value, row.Second), row => row.Sums);
        var lines = now.Rows
            .Select(row => new ModelLine(row.Value, row.Second, row.Sums, old?.GetValueOrDefault((row.Value, row.Second))))
            .ToList();
        var present = now.Rows.Select(row => (row.Value, row.Second)).ToHashSet();
        lines.AddRange((before?.Rows ?? [])
            .Where(row => !present.Contains((row.Value, row.Second)))
            .Select(row => new ModelLine(row.Value, row.Second, default, row.Sums)));
        return lines;
    }
}
