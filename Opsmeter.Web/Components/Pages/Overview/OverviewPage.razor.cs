using Microsoft.AspNetCore.Components;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Charts;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Overview;

/// <summary>The first page: what is being spent, on what, and which budgets feel it. Moves as requests come in.</summary>
public sealed partial class OverviewPage(
    Overviews overviews, LiveFeed live, NavigationManager navigation, TimeProvider time) : IDisposable
{
    // Reading again must not take more than a twentieth of the time: a large store is asked less often.
    private const int Leisure = 20;
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _closing = new();
    private readonly List<IDisposable> _watches = [];
    private Reports.Overview? _data;
    private OverviewNow? _now;
    private IReadOnlyList<ChartBucket> _buckets = [];
    private IReadOnlyList<ChartSeries> _series = [];
    private SpendChart? _chart;
    private string? _error;
    private Dimension _drawnBy;

    /// <summary>The range, from the address.</summary>
    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    /// <summary>What the columns are stacked by, from the address.</summary>
    [SupplyParameterFromQuery(Name = "by")]
    public string? StackBy { get; set; }

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    [CascadingParameter]
    private TimeZoneInfo? Zone { get; set; }

    private static IReadOnlyList<Choice<string>> Ranges { get; } =
        [.. SpendRange.All.Select(range => new Choice<string>(range.Name, range.Label))];

    private static IReadOnlyList<Choice<Dimension>> Groupings { get; } =
    [
        new(Dimension.EndpointTag, "Endpoint"), new(Dimension.Model, "Model"), new(Dimension.UserId, "User"),
        new(Dimension.PromptVersion, "Prompt version"),
    ];

    private string RangeName => SpendRange.All.Any(range => range.Name == From) ? From! : "now-7d";

    private Dimension By => Enum.TryParse<Dimension>(StackBy, ignoreCase: true, out var by) && Groupings.Any(item => item.Value == by)
        ? by
        : Dimension.EndpointTag;

    private string Subtitle => _data is null ? "" : $"{ColumnsOf(_data.Range)}, {(Zone ?? TimeZoneInfo.Utc).Id}";

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
    public void Dispose()
    {
        _watches.ForEach(watch => watch.Dispose());
        _closing.Cancel();
        _closing.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        _now ??= overviews.RecentNow(Visitor.WorkspaceId);
        if (overviews.Recent(Visitor.WorkspaceId, RangeName, By) is { } recent)
        {
            await ShowAsync(recent);
        }

        await ReadNowAsync();
        await ReadSpendAsync();
    }

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _watches.Add(live.Subscribe(Visitor.WorkspaceId, _ => InvokeAsync(ReadNowAsync)));
            _watches.Add(live.Subscribe(Visitor.WorkspaceId, _ => FollowSpendAsync(), ReadEvery));
        }
    }

    private async Task FollowSpendAsync()
    {
        var started = time.GetTimestamp();
        await InvokeAsync(ReadSpendAsync);
        var rest = (time.GetElapsedTime(started) * Leisure) - ReadEvery;
        if (rest > TimeSpan.Zero)
        {
            await Task.Delay(rest, time, _closing.Token);
        }
    }

    private Task ReadNowAsync() => GuardAsync(async () =>
    {
        _now = await overviews.ReadNowAsync(Visitor.WorkspaceId, _closing.Token);
        StateHasChanged();
    });

    private Task ReadSpendAsync() => GuardAsync(async () =>
        await ShowAsync(await overviews.ReadAsync(Visitor.WorkspaceId, RangeName, By, _closing.Token)));

    private async Task GuardAsync(Func<Task> read)
    {
        try
        {
            await read();
            _error = null;
        }
        catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
        catch (System.Data.Common.DbException)
        {
            _error = "The latest figures could not be read. They are tried again with the next request; what is shown may be old.";
            StateHasChanged();
        }
    }

    /// <summary>Sends the browser only the columns that moved, unless the chart itself has changed.</summary>
    private async Task ShowAsync(Reports.Overview data)
    {
        var (before, chart) = (_data, _chart);
        var isSamePlace = before?.Range.Window.Start == data.Range.Window.Start && _drawnBy == By;
        _data = data = isSamePlace ? data.PlacedLike(before!) : data;
        _drawnBy = By;
        if (chart is null || !isSamePlace
            || !before!.Series.Select(one => one.Name).SequenceEqual(data.Series.Select(one => one.Name), StringComparer.Ordinal))
        {
            _buckets = ChartColumns.Of(data.Range, Zone ?? TimeZoneInfo.Utc);
            _series = [.. data.Series.Select(one => new ChartSeries(one.Name ?? ChartSeries.Other, one.Dollars))];
            StateHasChanged();
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

    private void ChooseRange(string name) => navigation.NavigateTo(navigation.GetUriWithQueryParameter("from", name));

    private void ChooseBy(Dimension by) => navigation.NavigateTo(
        navigation.GetUriWithQueryParameter("by", System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(by.ToString())));

    private static string ColumnsOf(SpendRange range) => range.HoursOfColumn switch
    {
        0 => "by day",
        1 => "by hour",
        var hours => $"by {hours} hours",
    };

    private static string WordOf(Dimension dimension) => Groupings.First(item => item.Value == dimension).Text.ToLowerInvariant();
}
