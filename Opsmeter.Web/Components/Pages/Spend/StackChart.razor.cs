using Microsoft.AspNetCore.Components;
using Opsmeter.Core;
using Opsmeter.Web.Components.Charts;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Spend;

/// <summary>Spend by column and value, moving as requests come in: the browser is sent only the columns that changed.</summary>
public sealed partial class StackChart
{
    private SpendStack? _given;
    private SpendStack? _stack;
    private SpendStack? _drawn;
    private bool _isCatchingUp;
    private IReadOnlyList<ChartBucket> _buckets = [];
    private IReadOnlyList<ChartSeries> _series = [];
    private IReadOnlyList<decimal>? _previous;
    private IReadOnlyList<ChartAnnotation> _marks = [];
    private SpendChart? _chart;

    /// <summary>What is drawn; null while it is read. Give a new one for new figures.</summary>
    [Parameter, EditorRequired]
    public SpendStack? Stack { get; set; }

    /// <summary>What the chart shows; read out.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>Height in pixels.</summary>
    [Parameter]
    public int Height { get; set; } = 280;

    /// <summary>Marks on the time axis. Give the same list while they are the same.</summary>
    [Parameter]
    public IReadOnlyList<ChartAnnotation> Annotations { get; set; } = [];

    /// <summary>Called with a value when its colour or its name is clicked.</summary>
    [Parameter]
    public EventCallback<string> ValueChosen { get; set; }

    /// <summary>
    /// Called with a column's time when its name in the table is clicked, or what has no value in it; and with the time of
    /// several that were dragged over.
    /// </summary>
    [Parameter]
    public EventCallback<TimeWindow> ColumnChosen { get; set; }

    /// <summary>Called with the index of a mark that is clicked, or whose band a clicked column lies in.</summary>
    [Parameter]
    public EventCallback<int> MarkChosen { get; set; }

    [CascadingParameter]
    private TimeZoneInfo? Zone { get; set; }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        var isMarkedAnew = !ReferenceEquals(_marks, Annotations);
        if (ReferenceEquals(_given, Stack) && !isMarkedAnew)
        {
            return;
        }

        (_given, _marks) = (Stack, Annotations);
        if (Stack is null)
        {
            (_stack, _drawn) = (null, null);
            return;
        }

        var (before, chart) = (_stack, _chart);
        var isSamePlace = before?.IsSamePlace(Stack) == true;
        _stack = isSamePlace ? Stack.PlacedLike(before!) : Stack;
        if (chart is null || isMarkedAnew || !isSamePlace || !IsSameNames(before!, _stack) || !IsSame(_previous, _stack.Previous))
        {
            _buckets = ChartColumns.Of(_stack.Range, Zone ?? TimeZoneInfo.Utc);
            _series = [.. _stack.Series.Select(one => new ChartSeries(NameOf(one), one.Dollars))];
            _previous = _stack.Previous;
            _drawn = _stack;
            return;
        }

        if (!_isCatchingUp)
        {
            _isCatchingUp = true;
            try
            {
                await CatchUpAsync(chart);
            }
            finally
            {
                _isCatchingUp = false;
            }
        }
    }

    /// <summary>
    /// Sends the columns that differ from what is drawn. Meanwhile there may come newer figures of the same columns, which are
    /// sent next, or others, with which the chart is drawn anew.
    /// </summary>
    private async Task CatchUpAsync(SpendChart chart)
    {
        while (_drawn is { } drawn && _stack is { } now && !ReferenceEquals(drawn, now))
        {
            for (var column = 0; column < now.Range.Starts.Count; column++)
            {
                var index = column;
                if (drawn.Series.Zip(now.Series).Any(pair => pair.First.Dollars[index] != pair.Second.Dollars[index]))
                {
                    await chart.UpdateBucketAsync(column, [.. now.Series.Select(one => one.Dollars[index])]);
                    if (!ReferenceEquals(_drawn, drawn))
                    {
                        break;
                    }
                }
            }

            if (ReferenceEquals(_drawn, drawn))
            {
                _drawn = now;
            }
        }
    }

    private static string NameOf(StackSeries one) => one.IsRest ? ChartSeries.Other : one.Value ?? DimensionWords.Unknown;

    private static bool IsSame(IReadOnlyList<decimal>? a, IReadOnlyList<decimal>? b) =>
        ReferenceEquals(a, b) || (a is not null && b is not null && a.SequenceEqual(b));

    private static bool IsSameNames(SpendStack a, SpendStack b) =>
        a.Series.Select(one => (one.Value, one.IsRest)).SequenceEqual(b.Series.Select(one => (one.Value, one.IsRest)));

    private Task ChooseSeriesAsync(string name) =>
        _stack?.Series.FirstOrDefault(one => !one.IsRest && one.Value == name)?.Value is { } value ? ValueChosen.InvokeAsync(value) : Task.CompletedTask;

    private Task ZoomAsync((int First, int Last) columns) => ColumnChosen.InvokeAsync(_stack!.Range.WindowOf(columns.First, columns.Last));

    private Task ChooseAsync(ChartClick click)
    {
        var column = _stack!.Range.WindowOf(click.Bucket, click.Bucket);
        if (BandOver(column) is >= 0 and var band)
        {
            return MarkChosen.InvokeAsync(band);
        }

        if (click.Series is { } name && _stack.Series.Any(one => !one.IsRest && one.Value == name))
        {
            return ValueChosen.InvokeAsync(name);
        }

        return _stack.Range.Starts.Count < 2 ? Task.CompletedTask : ColumnChosen.InvokeAsync(column);
    }

    private int BandOver(TimeWindow column) =>
        _marks.ToList().FindLastIndex(mark => mark.To is { } end && new TimeWindow(mark.From, end).Overlaps(column));
}
