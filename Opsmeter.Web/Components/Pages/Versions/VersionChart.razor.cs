using Microsoft.AspNetCore.Components;
using Opsmeter.Web.Components.Charts;

namespace Opsmeter.Web.Components.Pages.Versions;

/// <summary>Spend by column and version. A reading that only moved some columns sends the browser only those.</summary>
public sealed partial class VersionChart
{
    private const int Height = 240;
    private Reports.Overview? _drawn;
    private IReadOnlyList<ChartBucket> _buckets = [];
    private IReadOnlyList<ChartSeries> _series = [];
    private SpendChart? _chart;

    /// <summary>What stands in its place while it is read, so that nothing jumps: the chart, its legend and its numbers' line.</summary>
    public const string SkeletonHeight = "296px";

    /// <summary>What the chart shows; read out.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>The reading.</summary>
    [Parameter, EditorRequired]
    public Reports.Overview Data { get; set; } = default!;

    [CascadingParameter]
    private TimeZoneInfo? Zone { get; set; }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (ReferenceEquals(_drawn, Data) || (_drawn is not null && ReferenceEquals(Data.Series, _drawn.Series)))
        {
            return;
        }

        var before = _drawn;
        var isSamePlace = before?.Range.Window.Start == Data.Range.Window.Start && before.Range.Size == Data.Range.Size;
        var data = isSamePlace ? Data.PlacedLike(before!) : Data;
        _drawn = data;
        if (_chart is null || !isSamePlace || _buckets.Count != data.Range.Starts.Count
            || !before!.Series.Select(one => one.Name).SequenceEqual(data.Series.Select(one => one.Name), StringComparer.Ordinal))
        {
            _buckets = ChartColumns.Of(data.Range, Zone ?? TimeZoneInfo.Utc);
            _series = [.. data.Series.Select(one => new ChartSeries(one.Name ?? ChartSeries.Other, one.Dollars))];
            return;
        }

        for (var column = 0; column < _buckets.Count; column++)
        {
            var index = column;
            if (before.Series.Zip(data.Series).Any(pair => pair.First.Dollars[index] != pair.Second.Dollars[index]))
            {
                await _chart.UpdateBucketAsync(column, [.. data.Series.Select(one => one.Dollars[index])]);
            }
        }
    }
}
