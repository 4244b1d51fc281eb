using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>The form of a budget: every field of it, in the order in which it is thought through.</summary>
public sealed partial class BudgetForm
{
    private string _endpoints = "";
    private bool _tier1Off;

    /// <summary>What is being written.</summary>
    [Parameter, EditorRequired]
    public BudgetDraft Draft { get; set; } = default!;

    /// <summary>What is wrong with it.</summary>
    [Parameter, EditorRequired]
    public FormErrors Errors { get; set; } = default!;

    /// <summary>Called after each change.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    /// <summary>Whom it can name.</summary>
    [Parameter]
    public BudgetPeople Known { get; set; } = BudgetPeople.None;

    /// <summary>False when it can only be read.</summary>
    [Parameter]
    public bool CanEdit { get; set; } = true;

    /// <summary>The server's clock when the form was drawn.</summary>
    [Parameter, EditorRequired]
    public DateTimeOffset Now { get; set; }

    [Inject]
    private IDialogService Dialogs { get; set; } = default!;

    /// <inheritdoc />
    protected override void OnInitialized() => _endpoints = BudgetReading.Endpoints(Draft);

    private Task ChangedAsync()
    {
        var endpoints = BudgetReading.Endpoints(Draft);
        if (endpoints != _endpoints)
        {
            // Blocking revenue-critical endpoints was agreed to by naming them: others have to be named too.
            _tier1Off = Draft.BlockTier1 == true;
            Draft.BlockTier1 = _tier1Off ? false : Draft.BlockTier1;
            _endpoints = endpoints;
        }

        return Changed.InvokeAsync();
    }

    private async Task SetBlockTier1Async(bool block)
    {
        if (block)
        {
            block = await ConfirmDialog.AskAsync(
                Dialogs, "Let this budget block Tier 1?", "Allow blocking",
                "Tier 1 endpoints earn money. Past the limit their users would be refused until the window ends.",
                mustType: BudgetReading.Endpoints(Draft));
        }

        Draft.BlockTier1 = block;
        _tier1Off = false;
        await Changed.InvokeAsync();
    }
}
