namespace Opsmeter.Web.Components.Charts;

/// <summary>What <c>js/charts.js</c> draws.</summary>
/// <param name="Buckets">The columns.</param>
/// <param name="Series">The series.</param>
/// <param name="Previous">Dollars of the previous period, or null.</param>
/// <param name="Annotations">The marks.</param>
/// <param name="Height">Height in pixels.</param>
public sealed record ChartData(
    IReadOnlyList<ChartDataBucket> Buckets,
    IReadOnlyList<ChartDataSeries> Series,
    IReadOnlyList<decimal>? Previous,
    IReadOnlyList<ChartDataNote> Annotations,
    int Height)
{
    /// <summary>Nothing to draw.</summary>
    public static readonly ChartData Empty = new([], [], null, [], 0);
}
