using Opsmeter.Core;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Overview;

/// <summary>The first page: what is being spent, on what, and which budgets feel it. Moves as requests come in.</summary>
public sealed partial class OverviewPage(Overviews overviews, SpendTimelines timelines, MonthForecasts forecasts, TimeProvider time)
{
    // A page that has its figures is not held up for what may take long: that comes when it is there.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(0.8);

    // As tall as the drivers beside them.
    private const int MostChanges = 6;

    private static readonly IReadOnlyList<Choice<Dimension>> AllGroupings =
    [
        new(Dimension.EndpointTag, "Endpoint"), new(Dimension.Model, "Model"), new(Dimension.UserId, "User"), new(Dimension.TenantId, "Tenant"),
        new(Dimension.PromptVersion, "Prompt version"),
    ];

    private Reports.Overview? _data;
    private OverviewNow? _now;
    private SpendTimeline? _timeline;
    private MonthForecast? _month;
    private Task _slow = Task.CompletedTask;
    private DateTimeOffset _readAt;

    // Where the user is the tenant, they are one choice.
    private IReadOnlyList<Choice<Dimension>> Groupings => Period?.Settings.TenantFrom == TenantSource.UserId
        ? [.. AllGroupings.Where(item => item.Value != Dimension.TenantId)]
        : AllGroupings;

    private Dimension By => Enum.TryParse<Dimension>(Asked("by"), ignoreCase: true, out var by) && AllGroupings.Any(item => item.Value == by)
        ? by
        : Dimension.EndpointTag;

    private string PostureText
    {
        get
        {
            var budgets = (_now?.States ?? []).GroupBy(item => item.BudgetId).ToArray();
            var pressed = budgets.Count(budget => budget.Any(item => item.State != Core.Budgets.BudgetState.Ok));
            return budgets.Length == 0 ? "" : pressed == 0 ? $"all {budgets.Length} fine" : $"{pressed} of {budgets.Length} need attention";
        }
    }

    private Usd? UsualHour
    {
        get
        {
            if (_data is null || Period is null || _data.Totals.Cost is not { } cost || cost == Usd.Zero)
            {
                return null;
            }

            var range = _data.Stack.Range.Window;
            var hours = ((range.End < Period.Now ? range.End : Period.Now) - range.Start).TotalHours;
            return hours > 0 ? new Usd((long)(cost.Nano / hours)) : null;
        }
    }

    /// <inheritdoc />
    protected override void Clear()
    {
        _slow = Task.CompletedTask;
        _now ??= overviews.RecentNow(Visitor.WorkspaceId);
        _data = overviews.Recent(Visitor.WorkspaceId, View, By);
        _timeline = Period is null ? null : timelines.Recent(Period);
        _month = Period is null ? null : forecasts.Recent(Period);
    }

    /// <inheritdoc />
    protected override async Task ReadAsync(SpendPeriod period, CancellationToken cancellation)
    {
        _readAt = time.GetUtcNow();
        await ReadNowAsync();
        var data = await overviews.ReadAsync(period, By, _data, cancellation);
        cancellation.ThrowIfCancellationRequested();
        _data = data;
        if (_slow.IsCompleted)
        {
            _slow = GuardAsync(() => ReadSlowAsync(period, cancellation));
        }

        if (_timeline is null || _month is null)
        {
            await Task.WhenAny(_slow, Task.Delay(Patience, time, cancellation));
        }
    }

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        base.OnAfterRender(firstRender);
        if (firstRender)
        {
            Watch(_ => InvokeAsync(() => GuardAsync(ReadNowAsync)));
            _ = FollowClockAsync(Closing);
        }
    }

    private async Task ReadNowAsync() => _now = await overviews.ReadNowAsync(Visitor.WorkspaceId, Closing);

    private async Task ReadSlowAsync(SpendPeriod period, CancellationToken cancellation)
    {
        var timeline = await timelines.ReadAsync(period, cancellation);
        cancellation.ThrowIfCancellationRequested();
        _timeline = timeline;
        var month = await forecasts.ReadAsync(period, cancellation);
        cancellation.ThrowIfCancellationRequested();
        _month = month;
    }

    /// <summary>Where no request comes in, time alone moves the range, its spikes and the forecast.</summary>
    private async Task FollowClockAsync(CancellationToken closing)
    {
        try
        {
            using var timer = new PeriodicTimer(SpendTimelines.Keep, time);
            while (await timer.WaitForNextTickAsync(closing))
            {
                if (time.GetUtcNow() - _readAt >= SpendTimelines.Keep / 2)
                {
                    await InvokeAsync(ReadAgainAsync);
                }
            }
        }
        catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException)
        {
            // The page was left.
        }
    }

    private void ChooseBy(Dimension by) =>
        Go(View, ("by", by == Dimension.EndpointTag ? null : System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(by.ToString())));
}
