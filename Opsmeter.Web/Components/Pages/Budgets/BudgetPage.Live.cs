using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Opsmeter.Core.Budgets;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Live;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <content>What happens around the form: updates, leaving, and failures.</content>
public sealed partial class BudgetPage
{
    private ReplayRun? _run;
    private BudgetActs? _acts;
    private int _found;

    /// <summary>What a new budget is about, and which one; see <see cref="ControlStart"/>.</summary>
    [SupplyParameterFromQuery(Name = "dimension")]
    public string? About { get; set; }

    /// <summary>Which one it is about.</summary>
    [SupplyParameterFromQuery(Name = "value")]
    public string? AboutValue { get; set; }

    /// <summary>The budget that a new one starts as a copy of.</summary>
    [SupplyParameterFromQuery(Name = "copy")]
    public string? CopyOf { get; set; }

    /// <summary>True for a copy that counts all keys together.</summary>
    [SupplyParameterFromQuery(Name = "total")]
    public bool IsTotal { get; set; }

    /// <summary><c>all</c> for a budget that counts everything.</summary>
    [SupplyParameterFromQuery(Name = "cover")]
    public string? Cover { get; set; }

    private NewControl Wanted => new() { Dimension = About, Value = AboutValue, CopyOf = CopyOf, IsTotal = IsTotal, CoversAll = Cover == "all" };

    private async Task RefreshAsync(LiveUpdate update)
    {
        if (_saved is null || !(update.PolicyChanged || update.Budgets.Contains(_saved.Id)))
        {
            return;
        }

        var before = (_saved.Worst?.State, _saved.Worst?.Confirmed);
        _saved = Desk.Refresh(Visitor.WorkspaceId, [_saved])[0];
        if (update.PolicyChanged && !_isSaving && await Desk.FindAsync(Visitor.WorkspaceId, _saved.Id) is { } found && found.Version != _version)
        {
            await TakeNewerAsync(found.Version);
        }

        if (before != (_saved?.Worst?.State, _saved?.Worst?.Confirmed))
        {
            _revision++;
        }

        StateHasChanged();
    }

    // Somebody else saved: whoever has typed decides, whoever only reads sees the new one.
    private async Task TakeNewerAsync(int version)
    {
        if (IsDirty)
        {
            _changedTo = version;
        }
        else
        {
            await LoadAsync();
        }
    }

    private void Take(ReplayRun? run) => (_run, _now) = (run, Desk.Now);

    // The form is drawn anew from the changed draft; its baseline stays, so that the change is still to be saved.
    private void FixedAsync()
    {
        _errors.Clear();
        _formKey++;
        Noted();
    }

    private void ChooseCap(Cap cap)
    {
        if (CanEdit && _draft is not null)
        {
            _draft.Cap = cap;
            _errors.Forget("cap");
        }
    }

    // Another range of the replay is the same page: nothing is left.
    private async Task GuardAsync(LocationChangingContext leaving)
    {
        if (!IsDirty || PathOf(Navigation.ToAbsoluteUri(leaving.TargetLocation)) == PathOf(new Uri(Navigation.Uri)))
        {
            return;
        }

        if (!await ConfirmDialog.AskAsync(Dialogs, "Leave without saving?", "Leave", "What you changed here is not saved."))
        {
            leaving.PreventNavigation();
        }
    }

    private static string PathOf(Uri address) => address.GetLeftPart(UriPartial.Path);

    private async Task TryAsync(string action, Func<Task> work)
    {
        try
        {
            _problem = null;
            await work();
        }
        catch (Exception error)
        {
            Log.PageFailed(Logger, "Budget", action, error);
            _problem = _draft is null ? $"The budget could not {action}." : $"The budget could not {action}. What you wrote is still here: try again in a moment.";
        }
    }
}
