using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>Who is told when.</summary>
public sealed partial class EscalationsPage(EscalationPolicies escalations, IDialogService dialogs, ISnackbar snackbar)
{
    private IReadOnlyList<Versioned<EscalationDocument>>? _escalations;

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private bool CanEdit => Visitor.Can(Permission.EditPolicy);

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync() => _escalations = await escalations.ListAsync(Visitor.WorkspaceId);

    private async Task EditAsync(EscalationDocument? escalation, int? version = null)
    {
        if (CanEdit && await EscalationDialog.AskAsync(dialogs, Visitor, escalation, version))
        {
            snackbar.Add("The escalation is saved. Alerts follow it from now on; steps that wait stay as they are.", Severity.Success);
            await LoadAsync();
        }
    }

    private async Task DeleteAsync(EscalationDocument escalation, int version)
    {
        if (!await ConfirmDialog.AskAsync(dialogs, $"Delete \"{escalation.Name}\"?", "Delete the escalation", "No budget may have it.", []) || !CanEdit)
        {
            return;
        }

        var outcome = SaveOutcome.Of(await escalations.DeleteAsync(Visitor.WorkspaceId, escalation.Id, version, Visitor.ActorFor(Permission.EditPolicy)), item => item.Id);
        snackbar.Add(
            outcome.IsSaved ? $"{escalation.Name} is deleted." : outcome.Errors?.Values.First()[0] ?? "It was changed by someone else in the meantime; it was not deleted.",
            outcome.IsSaved ? Severity.Success : Severity.Error);
        await LoadAsync();
    }
}
