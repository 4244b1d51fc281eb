using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>Gives a budget more money until a date, and first says what that changes.</summary>
public sealed partial class RaiseDialog
{
    private readonly FormErrors _errors = new();
    private TemporaryIncreaseDraft _draft = new();
    private string? _problem;
    private bool _isSaving;

    /// <summary>Who does it.</summary>
    [Parameter, EditorRequired]
    public Visitor Visitor { get; set; } = default!;

    /// <summary>The budget, as it is in force.</summary>
    [Parameter, EditorRequired]
    public BudgetLine Line { get; set; } = default!;

    /// <summary>The workspace's zone.</summary>
    [Parameter]
    public TimeZoneInfo? Zone { get; set; }

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    [Inject]
    private BudgetPolicies Budgets { get; set; } = default!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    private TimeProvider Time { get; set; } = default!;

    [Inject]
    private ILogger<RaiseDialog> Logger { get; set; } = default!;

    /// <summary>Opens it.</summary>
    internal static async Task OpenAsync(IDialogService dialogs, Visitor visitor, BudgetLine line, TimeZoneInfo? zone)
    {
        var parameters = new DialogParameters<RaiseDialog>
        {
            { dialog => dialog.Visitor, visitor }, { dialog => dialog.Line, line }, { dialog => dialog.Zone, zone },
        };
        await (await dialogs.ShowAsync<RaiseDialog>(null, parameters)).Result;
    }

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        var now = Time.GetUtcNow();
        var end = BudgetReading.WindowAt(Line.Draft.Window, now) is { IsTotal: false } window ? window.End : now.AddDays(1);
        _draft = Line.Draft.TemporaryIncrease is { } running && running.Until > now
            ? new TemporaryIncreaseDraft { AmountUsd = running.AmountUsd, Until = running.Until, Reason = running.Reason, TakeBack = running.TakeBack }
            : new TemporaryIncreaseDraft { Until = end };
    }

    private async Task SaveAsync()
    {
        if (!Visitor.Can(Permission.EditPolicy) || _isSaving)
        {
            return;
        }

        (_isSaving, _problem) = (true, null);
        try
        {
            var outcome = SaveOutcome.Of(await Budgets.IncreaseAsync(Visitor.WorkspaceId, Line.Id, _draft, null, Visitor.ActorFor(Permission.EditPolicy)), document => document.Id);
            if (outcome.IsSaved)
            {
                Snackbar.Add($"{Line.Draft.Name} has more for now.", MudBlazor.Severity.Success);
                Dialog.Close(DialogResult.Ok(true));
            }
            else if (outcome.IsMissing)
            {
                _problem = "Somebody deleted this budget.";
            }
            else
            {
                _errors.Answer(outcome.Errors ?? new Dictionary<string, string[]>());
                _problem = outcome.Errors?.FirstOrDefault(error => !error.Key.StartsWith("temporaryIncrease.", StringComparison.Ordinal)).Value?[0];
            }
        }
        catch (Exception error)
        {
            Log.PageFailed(Logger, "Budget", "be raised", error);
            _problem = "It could not be raised. Try again in a moment.";
        }

        _isSaving = false;
    }
}
