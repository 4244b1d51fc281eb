using Microsoft.AspNetCore.Components;
using Opsmeter.Core;
using Opsmeter.Web.Components.Controls;

namespace Opsmeter.Web.Components.Charts;

/// <summary>
/// Spend by bucket as stacked columns, with legend, marks and the numbers as a table. Give new lists when the data
/// changes; for one bucket that moved call <see cref="UpdateBucketAsync"/>. Best kept under 200 buckets.
/// </summary>
public sealed partial class SpendChart
{
    private const int NamedColours = 5;
    private readonly string _labelId = ElementIds.Next("chart");
    private ChartCanvas? _canvas;
    private ChartData _data = ChartData.Empty;
    private decimal[][] _values = [];
    private (object, object, object?, object, int) _given;

    /// <summary>What the chart shows; read out.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>The columns, oldest first.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ChartBucket> Buckets { get; set; } = [];

    /// <summary>At most five named series, and <see cref="ChartSeries.Other"/> last. Each has a value for each bucket.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ChartSeries> Series { get; set; } = [];

    /// <summary>Dollars of the previous period, one for each bucket; drawn dashed.</summary>
    [Parameter]
    public IReadOnlyList<decimal>? Previous { get; set; }

    /// <summary>What the dashed line is, where it is not the previous period.</summary>
    [Parameter]
    public string LineName { get; set; } = "Previous period";

    /// <summary>Marks on the time axis.</summary>
    [Parameter]
    public IReadOnlyList<ChartAnnotation> Annotations { get; set; } = [];

    /// <summary>Height in pixels.</summary>
    [Parameter]
    public int Height { get; set; } = 300;

    /// <summary>Called when a column is clicked, or its name in the table.</summary>
    [Parameter]
    public EventCallback<ChartClick> OnBucketClick { get; set; }

    /// <summary>Called with a series' name when it is clicked in the legend; never for <see cref="ChartSeries.Other"/>.</summary>
    [Parameter]
    public EventCallback<string> OnSeriesClick { get; set; }

    /// <summary>
    /// Called with the first and the last column of a stretch dragged over with the pointer. Where <see cref="OnBucketClick"/>
    /// is not given a column's name in the table chooses that column alone, so that it works without a pointer.
    /// </summary>
    [Parameter]
    public EventCallback<(int First, int Last)> OnZoom { get; set; }

    /// <summary>Called with the index of a mark that is clicked; the marks are buttons then.</summary>
    [Parameter]
    public EventCallback<int> OnAnnotationClick { get; set; }

    /// <summary>Moves one column; only its numbers are sent. The browser redraws at most once a second.</summary>
    /// <param name="bucket">The column's index.</param>
    /// <param name="values">Dollars, one for each series.</param>
    /// <exception cref="ArgumentException">There is not one value for each series.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such column.</exception>
    public Task UpdateBucketAsync(int bucket, IReadOnlyList<decimal> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfNegative(bucket);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(bucket, Buckets.Count);
        if (values.Count != _values.Length)
        {
            throw new ArgumentException($"{values.Count} values for {_values.Length} series.", nameof(values));
        }

        return InvokeAsync(async () =>
        {
            for (var i = 0; i < values.Count; i++)
            {
                _values[i][bucket] = values[i];
            }

            StateHasChanged();
            if (_canvas is not null)
            {
                await _canvas.UpdateAsync(bucket, values);
            }
        });
    }

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        // A parent that draws itself again hands in the same lists: the chart, and what moved in it since, then stays.
        var given = (Buckets, Series, (object?)Previous, Annotations, Height);
        if (_given == given)
        {
            return;
        }

        Check();
        _given = given;
        _values = [.. Series.Select(series => series.Values.ToArray())];
        _data = new ChartData(
            [.. Buckets.Select(bucket => new ChartDataBucket(bucket.Start.ToUnixTimeMilliseconds(), bucket.Label, bucket.Tick))],
            [.. Series.Select((series, i) => new ChartDataSeries(series.Name, Colour(i), _values[i]))],
            Previous,
            [.. Annotations.Select(note => new ChartDataNote(
                note.From.ToUnixTimeMilliseconds(), note.To?.ToUnixTimeMilliseconds(), note.Label, note.Text, note.Tone.Class()))],
            Height,
            OnBucketClick.HasDelegate,
            OnZoom.HasDelegate,
            OnAnnotationClick.HasDelegate,
            LineName);
    }

    private static string Text(decimal dollars) => Money.Format(Usd.FromDollars(dollars));

    private string Colour(int series) => Series[series].Colour is { } own ? own : Series[series].Name == ChartSeries.Other ? "s6" : $"s{series + 1}";

    private void Check()
    {
        var named = Series.Count(series => series.Name != ChartSeries.Other);
        if (named > NamedColours)
        {
            throw new InvalidOperationException($"{named} named series for {NamedColours} colours: fold the smallest into '{ChartSeries.Other}'.");
        }

        if (Series.Any(series => series.Values.Count != Buckets.Count) || (Previous is not null && Previous.Count != Buckets.Count))
        {
            throw new InvalidOperationException("Each series needs one value for each bucket.");
        }
    }

    private Task ChooseAsync(int bucket) =>
        OnBucketClick.HasDelegate ? OnBucketClick.InvokeAsync(new ChartClick(bucket, null)) : OnZoom.InvokeAsync((bucket, bucket));

    // The browser may speak of columns and marks that were there a moment ago.
    private Task ZoomedAsync((int First, int Last) columns) =>
        columns.First >= 0 && columns.First <= columns.Last && columns.Last < Buckets.Count ? OnZoom.InvokeAsync(columns) : Task.CompletedTask;

    private Task NoteClickedAsync(int note) =>
        note >= 0 && note < Annotations.Count ? OnAnnotationClick.InvokeAsync(note) : Task.CompletedTask;

    private Task ClickedAsync((int Bucket, int Series) at)
    {
        var inside = at.Bucket >= 0 && at.Bucket < Buckets.Count;
        var name = at.Series >= 0 && at.Series < Series.Count ? Series[at.Series].Name : null;
        return inside ? OnBucketClick.InvokeAsync(new ChartClick(at.Bucket, name)) : Task.CompletedTask;
    }
}
