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
    private IReadOnlyList<ChartBucket> _buckets = [];
    private IReadOnlyList<ChartSeries> _series = [];
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

    /// <summary>Called with a value when its colour or its name is clicked.</summary>
    [Parameter]
    public EventCallback<string> ValueChosen { get; set; }

    /// <summary>Called with a column's time when its name in the table is clicked, or what has no value in it.</summary>
    [Parameter]
    public EventCallback<TimeWindow> ColumnChosen { get; set; }

    [CascadingParameter]
    private TimeZoneInfo? Zone { get; set; }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (ReferenceEquals(_given, Stack))
        {
            return;
        }

        _given = Stack;
        if (Stack is null)
        {
            _stack = null;
            return;
        }

        var (before, chart) = (_stack, _chart);
        var isSamePlace = before?.IsSamePlace(Stack) == true;
        _stack = isSamePlace ? Stack.PlacedLike(before!) : Stack;
        if (chart is null || !isSamePlace || !IsSameNames(before!, _stack) || !ReferenceEquals(before!.Previous, _stack.Previous))
        {
            _buckets = ChartColumns.Of(_stack.Range, Zone ?? TimeZoneInfo.Utc);
            _series = [.. _stack.Series.Select(one => new ChartSeries(NameOf(one), one.Dollars))];
            return;
        }

        var now = _stack;
        for (var column = 0; column < _buckets.Count; column++)
        {
            var index = column;
            if (before.Series.Zip(now.Series).Any(pair => pair.First.Dollars[index] != pair.Second.Dollars[index]))
            {
                await chart.UpdateBucketAsync(column, [.. now.Series.Select(one => one.Dollars[index])]);
            }
        }
    }

    private static string NameOf(StackSeries one) => one.IsRest ? ChartSeries.Other : one.Value ?? DimensionWords.Unknown;

    private static bool IsSameNames(SpendStack a, SpendStack b) =>
        a.Series.Select(one => (one.Value, one.IsRest)).SequenceEqual(b.Series.Select(one => (one.Value, one.IsRest)));

    private Task ChooseSeriesAsync(string name) =>
        _stack?.Series.FirstOrDefault(one => !one.IsRest && one.Value == name)?.Value is { } value ? ValueChosen.InvokeAsync(value) : Task.CompletedTask;

    private Task ChooseAsync(ChartClick click)
    {
        if (click.Series is { } name && _stack!.Series.Any(one => !one.IsRest && one.Value == name))
        {
            return ValueChosen.InvokeAsync(name);
        }

        var (starts, at) = (_stack!.Range.Starts, click.Bucket);
        return starts.Count < 2
            ? Task.CompletedTask
            : ColumnChosen.InvokeAsync(new TimeWindow(starts[at], at + 1 < starts.Count ? starts[at + 1] : _stack.Range.Window.End));
    }
}
