using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Quickstart;

/// <summary>A first policy from three answers; while it observes, what it would have done, and the way to enforce it.</summary>
public sealed partial class StarterPolicy : IDisposable
{
    private static readonly TimeSpan SeenFor = TimeSpan.FromDays(30);
    private readonly CancellationTokenSource _left = new();
    private readonly FormErrors _errors = new();
    private readonly StarterAnswers _answers = new();
    private IReadOnlyList<string> _owners = [];
    private IReadOnlyList<string> _endpoints = [];
    private (DateTimeOffset Since, int Requests, int Degraded, int Blocked)? _wouldHave;
    private IDisposable? _watch;
    private string? _problem;
    private int _budgets = -1;
    private bool _isObserving;
    private bool _isBusy;

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    [Inject]
    private PolicyStarter Starter { get; set; } = default!;

    [Inject]
    private BudgetPolicies Budgets { get; set; } = default!;

    [Inject]
    private WorkspacePolicies Workspaces { get; set; } = default!;

    [Inject]
    private EndpointSpend Endpoints { get; set; } = default!;

    [Inject]
    private LiveFeed Live { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private ILogger<StarterPolicy> Logger { get; set; } = default!;

    private IReadOnlyList<Choice<string>> Owners => [.. _owners.Select(owner => new Choice<string>(owner, owner))];

    /// <inheritdoc />
    public void Dispose()
    {
        _watch?.Dispose();
        _left.Cancel();
        _left.Dispose();
    }

    /// <inheritdoc />
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _watch = Live.Subscribe(Visitor.WorkspaceId, update => update.PolicyChanged ? InvokeAsync(LoadAsync) : Task.CompletedTask);
            await LoadAsync();
        }
    }

    private Task LoadAsync() => TryAsync("be read", async () =>
    {
        _budgets = (await Budgets.ListAsync(Visitor.WorkspaceId)).Count;
        _isObserving = (await Workspaces.ReadAsync(Visitor.WorkspaceId)).Document.Observe;
        if (_budgets == 0)
        {
            _owners = await Budgets.OwnersAsync(Visitor.WorkspaceId);
            _answers.Owner ??= _owners.Contains(Visitor.Email) ? Visitor.Email : null;
            _endpoints = [.. (await Endpoints.ReadAsync(Visitor.WorkspaceId, SeenFor)).Select(endpoint => endpoint.EndpointTag)];
        }
        else if (_isObserving)
        {
            StateHasChanged();
            _wouldHave = await Starter.WouldHaveAsync(Visitor.WorkspaceId, _left.Token);
        }
    });

    private async Task StartAsync()
    {
        if (!Visitor.Can(Permission.EditPolicy) || _isBusy || _errors.HasUnreadable)
        {
            return;
        }

        _isBusy = true;
        await TryAsync("be made", async () =>
        {
            var (plan, wrong) = await Starter.StartAsync(Visitor.WorkspaceId, _answers, Visitor.ActorFor(Permission.EditPolicy), _left.Token);
            _errors.Answer(wrong);
            if (plan is not null)
            {
                Snackbar.Add(plan.Budgets.Count == 1 ? "1 budget observes from now on." : $"{plan.Budgets.Count} budgets observe from now on.", MudBlazor.Severity.Success);
            }
        });
        _isBusy = false;
        if (_problem is null)
        {
            await LoadAsync();
        }
    }

    private async Task EnforceAsync()
    {
        if (!Visitor.Can(Permission.ManageSettings) || _isBusy)
        {
            return;
        }

        _isBusy = true;
        await TryAsync("be enforced", async () =>
        {
            await Workspaces.ReplaceAsync(Visitor.WorkspaceId, new SettingsDraft { Observe = false, KeepsCeilingPrice = true }, null, Visitor.ActorFor(Permission.ManageSettings));
            Snackbar.Add("The budgets are enforced. Settings can turn that off again.", MudBlazor.Severity.Success);
        });
        _isBusy = false;
        await LoadAsync();
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
            Log.PageFailed(Logger, "Quickstart", action, error);
            _problem = $"The policy could not {action}.";
        }

        StateHasChanged();
    }
}
