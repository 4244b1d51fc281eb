using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>Makes a budget, or changes one: loads it, keeps it from being lost or overwritten unseen, and saves it.</summary>
public sealed partial class BudgetPage : IDisposable
{
    private readonly FormErrors _errors = new();
    private BudgetDraft? _draft;
    private BudgetLine? _saved;
    private BudgetPeople _people = BudgetPeople.None;
    private IDisposable? _watch;
    private DateTimeOffset _now;
    private string _baseline = "";
    private string? _problem;
    private string? _loadedId;
    private int? _version;
    private int? _changedTo;
    private int _formKey;
    private int _revision;
    private bool _isLoaded;
    private bool _isMissing;
    private bool _isSaving;

    /// <summary>Who looks at it.</summary>
    [CascadingParameter]
    public Visitor Visitor { get; set; } = default!;

    /// <summary>The workspace's zone.</summary>
    [CascadingParameter]
    public TimeZoneInfo? Zone { get; set; }

    /// <summary>The budget; null for a new one.</summary>
    [Parameter]
    public string? Id { get; set; }

    /// <summary>The endpoint that a new budget is made for.</summary>
    [SupplyParameterFromQuery]
    public string? Endpoint { get; set; }

    [Inject]
    private BudgetDesk Desk { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private ILogger<BudgetPage> Logger { get; set; } = default!;

    private bool CanEdit => Visitor.Can(Permission.EditPolicy);

    private bool IsDirty => CanEdit && _draft is not null && (_errors.HasUnreadable || DraftSnapshot.Of(_draft) != _baseline);

    /// <inheritdoc />
    public void Dispose() => _watch?.Dispose();

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (!_isLoaded || _loadedId != Id)
        {
            (_isLoaded, _loadedId) = (true, Id);
            await LoadAsync();
        }
    }

    /// <inheritdoc />
    protected override void OnAfterRender(bool firstRender)
    {
        if (firstRender)
        {
            _watch = Desk.Watch(Visitor.WorkspaceId, update => InvokeAsync(() => RefreshAsync(update)));
        }
    }

    private Task LoadAsync() => TryAsync("be read", async () =>
    {
        _people = await Desk.PeopleAsync(Visitor.WorkspaceId);
        _now = Desk.Now;
        if (Id is null)
        {
            var owner = _people.Members.Contains(Visitor.Email) ? Visitor.Email : null;
            Take(await Desk.StartAsync(Visitor.WorkspaceId, DraftSnapshot.New((Zone ?? TimeZoneInfo.Utc).Id, owner, Endpoint), Wanted), null, null);
            return;
        }

        var found = await Desk.FindAsync(Visitor.WorkspaceId, Id);
        _isMissing = found is null;
        if (found is { } budget)
        {
            Take(DraftSnapshot.Copy(budget.Line.Draft), budget.Line, budget.Version);
        }
    });

    private void Take(BudgetDraft draft, BudgetLine? saved, int? version)
    {
        (_draft, _saved, _version, _changedTo) = (draft, saved, version, null);
        _baseline = DraftSnapshot.Of(draft);
        _errors.Clear();
        _formKey++;
        _revision++;
    }

    // What was typed keeps showing: the page draws itself again, with the summary and the effect of saving.
    private void Noted() => _now = Desk.Now;

    private async Task SaveAsync(int? version)
    {
        if (!CanEdit || _draft is null || _isSaving || _errors.HasUnreadable)
        {
            return;
        }

        _isSaving = true;
        await TryAsync("be saved", async () =>
        {
            var outcome = await Desk.SaveAsync(Visitor.WorkspaceId, Id, _draft, version, Visitor.ActorFor(Permission.EditPolicy));
            if (outcome.IsSaved)
            {
                Snackbar.Add(_found == 0 ? $"{_draft.Name} is in force." : $"{_draft.Name} is in force. {_found} to look at again.", MudBlazor.Severity.Success);
                _baseline = DraftSnapshot.Of(_draft);
                if (Id is null)
                {
                    Navigation.NavigateTo($"budgets/{Uri.EscapeDataString(outcome.SavedId!)}", replace: true);
                }
                else
                {
                    await LoadAsync();
                }
            }
            else
            {
                Show(outcome);
            }
        });
        _isSaving = false;
    }

    private async Task DeleteAsync()
    {
        if (!CanEdit || Id is null || _saved is null)
        {
            return;
        }

        var losses = new List<string> { "Callers are no longer degraded or refused by it, from now on." };
        if (_saved.Worst is { } worst)
        {
            losses.Add($"Its standing is gone: {BudgetWords.Used(worst)} in this window.");
        }

        var name = _saved.Draft.Name;
        if (!await ConfirmDialog.AskAsync(Dialogs, $"Delete budget \"{name}\"?", "Delete budget", "The requests it counted stay. The audit log keeps what it said.", losses))
        {
            return;
        }

        await TryAsync("be deleted", async () =>
        {
            var outcome = await Desk.DeleteAsync(Visitor.WorkspaceId, Id, _version, Visitor.ActorFor(Permission.EditPolicy));
            if (outcome.IsSaved || outcome.IsMissing)
            {
                _baseline = DraftSnapshot.Of(_draft!);
                _errors.Clear();
                Snackbar.Add($"{name} was deleted.", MudBlazor.Severity.Success);
                Navigation.NavigateTo("budgets");
            }
            else
            {
                Show(outcome);
            }
        });
    }

    private void Show(SaveOutcome outcome)
    {
        _isMissing = outcome.IsMissing;
        _changedTo = outcome.ChangedSince ?? _changedTo;
        _errors.Answer(outcome.Errors ?? new Dictionary<string, string[]>());
    }

    private Task ReloadAsync() => LoadAsync();

    private Task OverwriteAsync() => SaveAsync(_changedTo);
}
