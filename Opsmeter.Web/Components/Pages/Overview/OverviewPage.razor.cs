using Microsoft.AspNetCore.Components;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Charts;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Overview;

/// <summary>The first page: what is being spent, on what, and which budgets feel it. Moves as requests come in.</summary>
public sealed partial class OverviewPage(Overviews overviews)
{
    private Reports.Overview? _data;
    private OverviewNow? _now;
    private IReadOnlyList<ChartBucket> _buckets = [];
    private IReadOnlyList<ChartSeries> _series = [];
    private SpendChart? _chart;

    private static IReadOnlyList<Choice<Dimension>> Groupings { get; } =
    [
        new(Dimension.EndpointTag, "Endpoint"), new(Dimension.Model, "Model"), new(Dimension.UserId, "User"),
        new(Dimension.PromptVersion, "Prompt version"),
    ];

    private Dimension By => Enum.TryParse<Dimension>(Asked("by"), ignoreCase: true, out var by) && Groupings.Any(item => item.Value == by)
        ? by
        : Dimension.EndpointTag;

    private string Subtitle => _data is null ? "" : $"{ChartColumns.Words(_data.Range.Size)}, {(Zone ?? TimeZoneInfo.Utc).Id}";

    private string PostureText
    {
        get
        {
            var budgets = (_now?.States ?? []).GroupBy(item => item.BudgetId).ToArray();
            var pressed = budgets.Count(budget => budget.Any(item => item.State != Core.Budgets.BudgetState.Ok));
            return budgets.Length == 0 ? "" : pressed == 0 ? $"all {budgets.Length} fine" : $"{pressed} of {budgets.Length} need attention";
        }
    }

    /// <inheritdoc />
    protected override void Clear()
    {
        _now ??= overviews.RecentNow(Visitor.WorkspaceId);
        _data = overviews.Recent(Visitor.WorkspaceId, View, By);
        if (_data is not null)
        {
            Draw(_data);
        }
    }

    /// <inheritdoc />
    protected override async Task ReadAsync(SpendPeriod period, CancellationToken cancellation)
    {
        await ReadNowAsync();
        var data = await overviews.ReadAsync(period, By, cancellation);
        cancellation.ThrowIfCancellationRequested();
        await ShowAsync(data);
    }

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (firstRender)
        {
            Watch(_ => InvokeAsync(() => GuardAsync(ReadNowAsync)));
        }
    }

    private async Task ReadNowAsync() => _now = await overviews.ReadNowAsync(Visitor.WorkspaceId, Closing);

    /// <summary>Sends the browser only the columns that moved, unless the chart itself has changed.</summary>
    private async Task ShowAsync(Reports.Overview data)
    {
        var (before, chart) = (_data, _chart);
        var isSamePlace = before?.Range.Window.Start == data.Range.Window.Start && before.Range.Size == data.Range.Size;
        _data = data = isSamePlace ? data.PlacedLike(before!) : data;
        if (chart is null || !isSamePlace
            || !before!.Series.Select(one => one.Name).SequenceEqual(data.Series.Select(one => one.Name), StringComparer.Ordinal))
        {
            Draw(data);
            return;
        }

        StateHasChanged();
        for (var column = 0; column < _buckets.Count; column++)
        {
            var index = column;
            if (before.Series.Zip(data.Series).Any(pair => pair.First.Dollars[index] != pair.Second.Dollars[index]))
            {
                await chart.UpdateBucketAsync(column, [.. data.Series.Select(one => one.Dollars[index])]);
            }
        }
    }

    private void Draw(Reports.Overview data)
    {
        _buckets = ChartColumns.Of(data.Range, Zone ?? TimeZoneInfo.Utc);
        _series = [.. data.Series.Select(one => new ChartSeries(one.Name ?? ChartSeries.Other, one.Dollars))];
        StateHasChanged();
    }

    private void ChooseBy(Dimension by) =>
        Go(View, ("by", by == Dimension.EndpointTag ? null : System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(by.ToString())));

    private void Zoom((int First, int Last) columns) => Go(View.In(_data!.Range.WindowOf(columns.First, columns.Last)), ("by", Asked("by")));

    private static string WordOf(Dimension dimension) => Groupings.First(item => item.Value == dimension).Text.ToLowerInvariant();
}
