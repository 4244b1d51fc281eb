using Microsoft.AspNetCore.Components;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Charts;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Overview;

/// <summary>The first page's chart: spend by column and value, with what it is compared with, spikes and deploys.</summary>
public sealed partial class SpendOverTime(NavigationManager navigation)
{
    private Reports.Overview? _given;
    private Reports.Overview? _shown;
    private SpendTimeline? _marked;
    private IReadOnlyList<ChartBucket> _buckets = [];
    private IReadOnlyList<ChartSeries> _series = [];
    private IReadOnlyList<decimal>? _previous;
    private IReadOnlyList<ChartAnnotation> _annotations = [];
    private SpendChart? _chart;

    /// <summary>The range's spend; null while it is read.</summary>
    [Parameter, EditorRequired]
    public Reports.Overview? Data { get; set; }

    /// <summary>Its spikes and deploys; null while they are read.</summary>
    [Parameter, EditorRequired]
    public SpendTimeline? Timeline { get; set; }

    /// <summary>What the page looks at.</summary>
    [Parameter, EditorRequired]
    public SpendView View { get; set; } = SpendView.Usual;

    /// <summary>What there is to stack by.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<Choice<Dimension>> Groupings { get; set; } = [];

    /// <summary>What the columns are stacked by.</summary>
    [Parameter, EditorRequired]
    public Dimension By { get; set; }

    /// <summary>Called with another dimension to stack by.</summary>
    [Parameter]
    public EventCallback<Dimension> ByChanged { get; set; }

    [CascadingParameter]
    private TimeZoneInfo? Zone { get; set; }

    private string Subtitle => Data is null ? "" : $"{ChartColumns.Words(Data.Range.Size)}, {(Zone ?? TimeZoneInfo.Utc).Id}";

    /// <summary>Sends the browser only the columns that moved, unless the chart itself has changed.</summary>
    protected override Task OnParametersSetAsync()
    {
        if (Data is null)
        {
            (_given, _shown, _previous, _marked, _annotations) = (null, null, null, null, []);
            return Task.CompletedTask;
        }

        var marksMoved = Mark();
        if (ReferenceEquals(Data, _given))
        {
            if (marksMoved)
            {
                Draw();
            }

            return Task.CompletedTask;
        }

        var (before, chart) = (_shown, _chart);
        var isSamePlace = before?.Range.Window.Start == Data.Range.Window.Start && before.Range.Size == Data.Range.Size;
        _given = Data;
        _shown = isSamePlace ? Data.PlacedLike(before!) : Data;
        if (chart is null || marksMoved || !isSamePlace || !Same(_previous, _shown.Previous)
            || !before!.Series.Select(one => one.Name).SequenceEqual(_shown.Series.Select(one => one.Name), StringComparer.Ordinal))
        {
            Draw();
            return Task.CompletedTask;
        }

        return MoveAsync(chart, before, _shown);
    }

    private static async Task MoveAsync(SpendChart chart, Reports.Overview before, Reports.Overview now)
    {
        for (var column = 0; column < now.Range.Starts.Count; column++)
        {
            var index = column;
            if (before.Series.Zip(now.Series).Any(pair => pair.First.Dollars[index] != pair.Second.Dollars[index]))
            {
                await chart.UpdateBucketAsync(column, [.. now.Series.Select(one => one.Dollars[index])]);
            }
        }
    }

    private static bool Same(IReadOnlyList<decimal>? a, IReadOnlyList<decimal>? b) =>
        ReferenceEquals(a, b) || (a is not null && b is not null && a.SequenceEqual(b));

    private void Draw()
    {
        _buckets = ChartColumns.Of(_shown!.Range, Zone ?? TimeZoneInfo.Utc);
        _series = [.. _shown.Series.Select(one => new ChartSeries(one.Name ?? ChartSeries.Other, one.Dollars))];
        _previous = _shown.Previous;
    }

    /// <summary>Marks the spikes, in their order, and then the deploys; true when a mark has changed.</summary>
    private bool Mark()
    {
        if (ReferenceEquals(Timeline, _marked) || Timeline is null)
        {
            return false;
        }

        _marked = Timeline;
        IReadOnlyList<ChartAnnotation> marks =
        [
            .. Timeline.Spikes.Select(spike => new ChartAnnotation(
                spike.Window.Start, spike.Window.End, $"spike {DriverWords.Rise(spike)} · click to investigate", Tone.Exceeded)),
            .. Timeline.Deploys.Select(deploy => new ChartAnnotation(deploy.At, null, $"▲ {deploy.EndpointTag} {deploy.PromptVersion}")),
        ];
        var moved = !marks.SequenceEqual(_annotations);
        _annotations = moved ? marks : _annotations;
        return moved;
    }

    /// <summary>A column in a spike opens that; a value in any other is filtered by, and the whole of it zoomed into.</summary>
    private void OpenColumn(ChartClick click)
    {
        var column = new TimeWindow(_buckets[click.Bucket].Start, click.Bucket + 1 < _buckets.Count ? _buckets[click.Bucket + 1].Start : _shown!.Range.Window.End);
        var spike = Timeline?.Spikes.ToList().FindLastIndex(spike => spike.Window.Overlaps(column)) ?? -1;
        if (spike >= 0)
        {
            OpenSpike(spike);
        }
        else if (click.Series is null or ChartSeries.Other or Overviews.Unknown)
        {
            Go(View.In(column));
        }
        else
        {
            Go(View.With(By, click.Series));
        }
    }

    private void OpenSpike(int spike)
    {
        if (Timeline is not null && spike < Timeline.Spikes.Count)
        {
            navigation.NavigateTo(DriverWords.Investigate(View, Timeline.Spikes[spike].Window));
        }
    }

    private void Zoom((int First, int Last) columns) => Go(View.In(_shown!.Range.WindowOf(columns.First, columns.Last)));

    private void OpenSeries(string name)
    {
        if (name != Overviews.Unknown)
        {
            Go(View.With(By, name));
        }
    }

    private void Go(SpendView view) => navigation.NavigateTo(
        navigation.ToAbsoluteUri(navigation.Uri).GetLeftPart(UriPartial.Path)
        + view.ToQuery(("by", By == Dimension.EndpointTag ? null : System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(By.ToString()))));
}
