using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Finds the values that a view can be filtered by: those its requests have.</summary>
public sealed class FilterSuggestions(SpendReports reports, RecentReads recent)
{
    /// <summary>How many values are kept; whoever looks for a cheaper one writes it.</summary>
    public const int Most = 500;

    /// <summary>The values of a dimension, dearest first. A filter by that dimension itself does not narrow them.</summary>
    public async Task<IReadOnlyList<FilterSuggestion>> ReadAsync(
        SpendPeriod period, Dimension dimension, CancellationToken cancellation = default)
    {
        var others = period.View.Without(dimension);
        var key = $"{nameof(FilterSuggestions)} {dimension} {others.ToQuery()}";
        if (recent.Recall<FilterSuggestion[]>(period.WorkspaceId, key) is { } known)
        {
            return known;
        }

        var report = await reports.ReadAsync(period.Query with { GroupBy = dimension, Only = others.Only }, cancellation);
        return recent.Keep(
            period.WorkspaceId, key,
            report.Rows.Where(row => row.Value is { Length: > 0 }).Take(Most)
                .Select(row => new FilterSuggestion(row.Value!, row.Sums.Cost)).ToArray());
    }
}
