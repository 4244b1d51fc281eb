namespace Opsmeter.Web.Components.Charts;

/// <summary>What <c>js/charts.js</c> draws.</summary>
/// <param name="Buckets">The columns.</param>
/// <param name="Series">The series.</param>
/// <param name="Previous">Dollars of the previous period, or null.</param>
/// <param name="Annotations">The marks.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="CanClick">True when a column can be clicked.</param>
/// <param name="CanZoom">True when a stretch of columns can be chosen.</param>
/// <param name="CanOpenNotes">True when a mark can be clicked.</param>
/// <param name="LineName">What the dashed line is.</param>
public sealed record ChartData(
    IReadOnlyList<ChartDataBucket> Buckets,
    IReadOnlyList<ChartDataSeries> Series,
    IReadOnlyList<decimal>? Previous,
    IReadOnlyList<ChartDataNote> Annotations,
    int Height,
    bool CanClick = false,
    bool CanZoom = false,
    bool CanOpenNotes = false,
    string LineName = "")
{
    /// <summary>Nothing to draw.</summary>
    public static readonly ChartData Empty = new([], [], null, [], 0);
}
