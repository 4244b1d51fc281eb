using Microsoft.AspNetCore.Components;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>What happened to a budget: its changes of state, and who edited it.</summary>
public sealed partial class BudgetHistory
{
    private const int Most = 20;
    private static readonly Choice<bool>[] Kinds = [new(false, "States"), new(true, "Edits")];

    private IReadOnlyList<TransitionItem>? _transitions;
    private IReadOnlyList<PolicyChange>? _changes;
    private bool _edits;
    private bool _problem;
    private int _loaded = -1;

    /// <summary>The workspace.</summary>
    [Parameter, EditorRequired]
    public int WorkspaceId { get; set; }

    /// <summary>The budget.</summary>
    [Parameter, EditorRequired]
    public string BudgetId { get; set; } = "";

    /// <summary>Goes up when there is more to read.</summary>
    [Parameter]
    public int Revision { get; set; }

    [Inject]
    private BudgetPolicies Budgets { get; set; } = default!;

    [Inject]
    private ILogger<BudgetHistory> Logger { get; set; } = default!;

    /// <inheritdoc />
    protected override async Task OnParametersSetAsync()
    {
        if (_loaded != Revision)
        {
            _loaded = Revision;
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            _transitions = await Budgets.TransitionsAsync(WorkspaceId, BudgetId, Most);
            _changes = await Budgets.HistoryAsync(WorkspaceId, BudgetId, Most);
            _problem = false;
        }
        catch (Exception error)
        {
            Log.PageFailed(Logger, "Budget", "read the history", error);
            _problem = true;
        }
    }

    private static string Words(TransitionItem item)
    {
        var key = item.Key is { Length: > 0 } named ? $"{named}: " : "";
        var used = BudgetWords.Used(item.Measure, item.Used, item.Limit);
        var burn = BudgetWords.Burn(item.BurnLong, item.BurnShort) is { Length: > 0 } rates ? $" at {rates}" : "";
        var cause = item.Cause switch
        {
            TransitionCause.Request => "",
            TransitionCause.Late => ", by a late request",
            TransitionCause.Policy => ", by an edit",
            TransitionCause.Correction => ", by a correction",
            TransitionCause.Release => ", released by a person",
        };
        return $"{key}{used}{burn}{cause}";
    }
}
