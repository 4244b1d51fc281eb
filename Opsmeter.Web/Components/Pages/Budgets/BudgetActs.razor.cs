using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>What can be done with a budget besides editing it: each act asks why, and is in the audit log.</summary>
public sealed partial class BudgetActs
{
    /// <summary>The budget as it is in force.</summary>
    [Parameter, EditorRequired]
    public BudgetLine Line { get; set; } = default!;

    /// <summary>True while edits are not saved: acts that change the same document wait for them.</summary>
    [Parameter]
    public bool IsDirty { get; set; }

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    [CascadingParameter]
    private TimeZoneInfo? Zone { get; set; }

    [Inject]
    private BudgetPolicies Budgets { get; set; } = default!;

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private ILogger<BudgetActs> Logger { get; set; } = default!;

    /// <summary>Ends the block of a key, or of a budget that counts together.</summary>
    public async Task ReleaseAsync(string? key)
    {
        var who = key is null ? $"\"{Line.Draft.Name}\"" : $"{DraftWords.Key(key, Line.Draft.Per)} of \"{Line.Draft.Name}\"";
        await ActAsync(
            $"Release the block of {who}?",
            "Its callers are let through as over the limit but not running away: degraded where the cap says so. It blocks again when the spend since now runs away too, or in the next window.",
            "Release",
            async reason => await Budgets.ReleaseAsync(Visitor.WorkspaceId, Line.Id, key, reason, Visitor.ActorFor(Permission.EditPolicy)) ? "The block is released." : "Nothing is blocked there any more.");
    }

    private Task RaiseAsync() => RaiseDialog.OpenAsync(Dialogs, Visitor, Line, Zone);

    private async Task TakeBackAsync()
    {
        var over = Line.Keys.Count(key => key.LimitUsd is { } limit && key.SpentUsd > limit - (Line.Draft.TemporaryIncrease?.AmountUsd ?? 0));
        var effect = over == 0 ? "Nothing is over the limit without it." : Line.Draft.Per is { } per
            ? $"{Count.Format(over)} {DraftWords.Name(per)}{(over == 1 ? " is" : "s are")} over the limit without it."
            : "It is over its limit without it.";
        if (!await ConfirmDialog.AskAsync(Dialogs, "Take the increase back?", "Take it back", $"The limit is {Money.Format(Usd.FromDollars(Line.Draft.LimitUsd ?? 0))} again, at once. {effect}"))
        {
            return;
        }

        await TryAsync(async () => Outcome(SaveOutcome.Of(
            await Budgets.IncreaseAsync(Visitor.WorkspaceId, Line.Id, null, null, Visitor.ActorFor(Permission.EditPolicy)), document => document.Id), "The increase is taken back."));
    }

    private Task ArchiveAsync() => ActAsync(
        Line.IsEnabled ? $"Archive \"{Line.Draft.Name}\"?" : $"Bring \"{Line.Draft.Name}\" back?",
        Line.IsEnabled
            ? "It counts and decides nothing from now on, and goes to the end of the list. Its history stays, and it can be brought back."
            : "It is in force at once, and counts its running window from the window's start.",
        Line.IsEnabled ? "Archive" : "Bring back",
        async reason => Outcome(SaveOutcome.Of(
            await Budgets.ArchiveAsync(Visitor.WorkspaceId, Line.Id, Line.IsEnabled, reason, null, Visitor.ActorFor(Permission.EditPolicy)), document => document.Id), Line.IsEnabled ? "It is archived." : "It is in force again."));

    private Task ReleaseUnsettledAsync() => ActAsync(
        $"Release the unsettled holds of \"{Line.Draft.Name}\"?",
        $"{Money.Format(Usd.FromDollars(Line.Keys.Sum(key => key.UnsettledUsd)))} is held for calls whose requests never came. Released, others may spend it; should the requests still come, they count.",
        "Release holds",
        async reason => await Budgets.ReleaseUnsettledAsync(Visitor.WorkspaceId, Line.Id, null, reason, Visitor.ActorFor(Permission.EditPolicy)) is var count and > 0
            ? $"{Count.Format(count)} holds are released." : "Nothing is unsettled there any more.");

    private async Task ActAsync(string title, string text, string verb, Func<string, Task<string>> act)
    {
        if (Visitor.Can(Permission.EditPolicy) && await ReasonDialog.AskAsync(Dialogs, title, text, verb) is { } reason)
        {
            await TryAsync(() => act(reason));
        }
    }

    private static string Outcome(SaveOutcome outcome, string done) =>
        outcome.IsSaved ? done : outcome.IsMissing ? "Somebody deleted this budget." : "Somebody changed this budget. Look again.";

    private async Task TryAsync(Func<Task<string>> act)
    {
        try
        {
            Snackbar.Add(await act(), MudBlazor.Severity.Success);
        }
        catch (Exception error)
        {
            Log.PageFailed(Logger, "Budget", "be acted on", error);
            Snackbar.Add("That could not be done. Try again in a moment.", MudBlazor.Severity.Error);
        }
    }
}
