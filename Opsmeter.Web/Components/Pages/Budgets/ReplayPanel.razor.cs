using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Opsmeter.Core.Budgets;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>Replays the draft over the range in the address, again after each change of either, the running one given up.</summary>
public sealed partial class ReplayPanel : IDisposable
{
    private const string UsualFrom = "now-30d";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(600);

    private CancellationTokenSource _turn = new();
    private SpendView _view = SpendView.Usual;
    private SpendPeriod? _period;
    private ReplayRun? _run;
    private ReplayProgress? _progress;
    private string? _asked;
    private string? _waits;
    private string? _failed;
    private string? _said;
    private bool _isStopped;
    private bool _isDrawn;

    /// <summary>What is being written.</summary>
    [Parameter, EditorRequired]
    public BudgetDraft Draft { get; set; } = default!;

    /// <summary>Whether a cap can be chosen here.</summary>
    [Parameter]
    public bool CanEdit { get; set; }

    /// <summary>Called with what a replay told, and with null when the draft has changed since.</summary>
    [Parameter]
    public EventCallback<ReplayRun?> Ran { get; set; }

    /// <summary>Called with the cap that was chosen from the comparison.</summary>
    [Parameter]
    public EventCallback<Cap> CapChosen { get; set; }

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    [Inject]
    private Replays Replays { get; set; } = default!;

    [Inject]
    private SpendPeriods Periods { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private ILogger<ReplayPanel> Logger { get; set; } = default!;

    private string? Subtitle => _run is { } run && _waits is null
        ? $"{Count.Format(run.Result.Requests)} requests replayed in {Math.Max(0.1, run.Took.TotalSeconds):0.0} s"
        : null;

    /// <inheritdoc />
    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _turn.Cancel();
        _turn.Dispose();
    }

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        Navigation.LocationChanged += OnLocationChanged;
        Look();
    }

    /// <inheritdoc />
    protected override Task OnParametersSetAsync() => _isDrawn ? FollowAsync() : Task.CompletedTask;

    /// <inheritdoc />
    protected override Task OnAfterRenderAsync(bool firstRender)
    {
        _isDrawn = true;
        return firstRender ? FollowAsync() : Task.CompletedTask;
    }

    private void Look()
    {
        _view = SpendView.Parse(Navigation.Uri, UsualFrom);
        _period = Periods.Of(Visitor.WorkspaceId, _view);
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change) => _ = InvokeAsync(async () =>
    {
        Look();
        StateHasChanged();
        await FollowAsync();
    });

    private Task AgainAsync()
    {
        _asked = null;
        return FollowAsync();
    }

    private Task StopAsync()
    {
        _turn.Cancel();
        (_isStopped, _progress, _run) = (true, null, null);
        return Task.CompletedTask;
    }

    private async Task FollowAsync()
    {
        var asked = $"{DraftSnapshot.OfCounting(Draft)} {_view.From} {_view.To}";
        if (asked == _asked)
        {
            return;
        }

        _asked = asked;
        await _turn.CancelAsync();
        _turn.Dispose();
        _turn = new CancellationTokenSource();
        var turn = _turn.Token;
        try
        {
            (_isStopped, _failed) = (false, null);
            await Ran.InvokeAsync(null);
            await Task.Delay(_run is null ? TimeSpan.Zero : Pause, Time, turn);
            await ReplayAsync(turn);
        }
        catch (OperationCanceledException)
        {
            // The draft has changed again, or the page was left.
        }
        catch (Exception error)
        {
            Log.PageFailed(Logger, "Budget", "be replayed", error);
            (_failed, _progress) = ("It could not be replayed.", null);
            StateHasChanged();
        }
    }

    private async Task ReplayAsync(CancellationToken turn)
    {
        Look();
        var range = _period!.Range.Window;
        var (budget, errors) = await Replays.CheckAsync(Visitor.WorkspaceId, DraftSnapshot.ToSend(Draft));
        turn.ThrowIfCancellationRequested();
        _waits = budget is null ? Missing(errors)
            : range.Length > TimeSpan.FromDays(Replays.MostDays) ? $"Choose a range of at most {Replays.MostDays} days to see what it would have done."
            : null;
        if (_waits is not null)
        {
            (_run, _progress) = (null, null);
            StateHasChanged();
            return;
        }

        _progress = new ReplayProgress(0, 0);
        StateHasChanged();
        var started = Time.GetTimestamp();
        var progress = new Progress<ReplayProgress>(told => _ = InvokeAsync(() => Show(told, turn)));
        var result = await Replays.RunAsync(Visitor.WorkspaceId, budget!, range, progress, turn);
        turn.ThrowIfCancellationRequested();
        _progress = null;
        _run = new ReplayRun(budget!.ToBudget(), result, Time.GetElapsedTime(started), range.End >= _period.Now);
        _said = $"Replayed: {Count.Format(result.AsObeyed.Degraded)} requests degraded, {Count.Format(result.AsObeyed.Blocked)} blocked.";
        StateHasChanged();
        await Ran.InvokeAsync(_run);
    }

    private void Show(ReplayProgress told, CancellationToken turn)
    {
        if (!turn.IsCancellationRequested && _progress is not null)
        {
            _progress = told;
            StateHasChanged();
        }
    }

    private static string Missing(IReadOnlyDictionary<string, string[]> errors) =>
        errors.ContainsKey("limitUsd") || errors.ContainsKey("window.kind")
            ? "Give it a limit and a window, and it is tried on past traffic here."
            : "Once the fields have no more mistakes in them, it is tried on past traffic here.";
}
