using Microsoft.AspNetCore.Components;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>A part of the form: changes the draft and tells the form.</summary>
public abstract class DraftSection : ComponentBase
{
    /// <summary>What is being written.</summary>
    [Parameter, EditorRequired]
    public BudgetDraft Draft { get; set; } = default!;

    /// <summary>Called after each change.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    /// <summary>Makes a change and tells the form.</summary>
    protected Task SetAsync(Action change)
    {
        change();
        return Changed.InvokeAsync();
    }
}
