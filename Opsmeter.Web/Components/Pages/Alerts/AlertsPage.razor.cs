using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Alerts;

/// <summary>What people were told of, the newest first: who is behind it, and whether someone knows.</summary>
public sealed partial class AlertsPage : IDisposable
{
    private const string Usual = "open";

    private readonly CancellationTokenSource _left = new();
    private IReadOnlyList<AlertItem>? _items;
    private IDisposable? _watch;
    private long? _next;
    private string? _problem;
    private string? _loaded;
    private bool _isBusy;

    /// <summary>Which are shown: a state, or <c>all</c>.</summary>
    [SupplyParameterFromQuery(Name = "state")]
    public string? State { get; set; }

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    [Inject]
    private AlertInbox Inbox { get; set; } = default!;

    [Inject]
    private AlertPolicies Alerts { get; set; } = default!;

    [Inject]
    private LiveFeed Live { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private ILogger<AlertsPage> Logger { get; set; } = default!;

    private string Shown => AlertWords.States.Any(state => state.Value == State) ? State! : Usual;

    private AlertState? Wanted => Enum.TryParse<AlertState>(Shown, ignoreCase: true, out var state) ? state : null;

    /// <inheritdoc />
    public void Dispose()
    {
        _watch?.Dispose();
        _left.Cancel();
        _left.Dispose();
    }

    /// <inheritdoc />
    protected override Task OnParametersSetAsync()
    {
        if (_loaded == Shown)
        {
            return Task.CompletedTask;
        }

        (_loaded, _items) = (Shown, null);
        return LoadAsync();
    }

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _watch = Live.Subscribe(Visitor.WorkspaceId, update => update.AlertsChanged ? InvokeAsync(LoadAsync) : Task.CompletedTask);
        }
    }

    private Task LoadAsync() => TryAsync("be read", async () =>
        (_items, _next) = await Inbox.ReadAsync(Visitor.WorkspaceId, Wanted, null, null, _left.Token));

    private Task MoreAsync() => TryAsync("be read", async () =>
    {
        var (older, next) = await Inbox.ReadAsync(Visitor.WorkspaceId, Wanted, null, _next, _left.Token);
        (_items, _next) = ([.. _items ?? [], .. older], next);
    });

    private Task AcknowledgeAsync(AlertItem alert, AlertOutcome? outcome) => SayAsync(
        () => Alerts.AcknowledgeAsync(Visitor.WorkspaceId, alert.Id, outcome, Visitor.ActorFor(Permission.View)), $"{alert.Name}: acknowledged.");

    private Task SnoozeAsync(AlertItem alert, int hours) => SayAsync(
        () => Alerts.SnoozeAsync(Visitor.WorkspaceId, alert.Id, Alerts.Now.AddHours(hours), Visitor.ActorFor(Permission.View)), $"{alert.Name}: put off.");

    private async Task SayAsync(Func<Task<bool>> act, string said)
    {
        if (_isBusy)
        {
            return;
        }

        _isBusy = true;
        await TryAsync("be changed", async () =>
        {
            if (await act())
            {
                Snackbar.Add(said, MudBlazor.Severity.Success);
            }

            (_items, _next) = await Inbox.ReadAsync(Visitor.WorkspaceId, Wanted, null, null, _left.Token);
        });
        _isBusy = false;
    }

    private async Task TryAsync(string action, Func<Task> work)
    {
        try
        {
            _problem = null;
            await work();
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
        catch (Exception error)
        {
            Log.PageFailed(Logger, "Alerts", action, error);
            _problem = $"The alerts could not {action}.";
        }

        StateHasChanged();
    }
}
