using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>Makes or changes an escalation; stays open while something of it is wrong.</summary>
public sealed partial class EscalationDialog(EscalationPolicies escalations)
{
    private readonly FormErrors _errors = new();
    private EscalationDraft _draft = new() { Steps = [new EscalationStepDraft { AfterMinutes = 0, Notify = EscalationStepDocument.Owner }] };
    private IReadOnlyList<Choice<string>> _receivers = [];
    private string? _problem;
    private bool _isBusy;

    /// <summary>The escalation; null for a new one.</summary>
    [Parameter]
    public EscalationDocument? Escalation { get; set; }

    /// <summary>The version that it is changed from.</summary>
    [Parameter]
    public int? Version { get; set; }

    /// <summary>Who saves it.</summary>
    [Parameter, EditorRequired]
    public Visitor Visitor { get; set; } = default!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    /// <summary>Asks; false when the person changed their mind.</summary>
    internal static async Task<bool> AskAsync(IDialogService dialogs, Visitor visitor, EscalationDocument? escalation, int? version)
    {
        var parameters = new DialogParameters<EscalationDialog>
        {
            { dialog => dialog.Visitor, visitor }, { dialog => dialog.Escalation, escalation }, { dialog => dialog.Version, version },
        };
        var shown = await dialogs.ShowAsync<EscalationDialog>("Escalation", parameters);
        return await shown.Result is { Canceled: false };
    }

    /// <inheritdoc />
    protected override async Task OnInitializedAsync()
    {
        _draft = Escalation is null ? _draft : EscalationDraft.Of(Escalation);
        var (members, channels) = await escalations.ReceiversAsync(Visitor.WorkspaceId);
        _receivers =
        [
            new(EscalationStepDocument.Owner, "the budget's owner"), new(EscalationStepDocument.Backup, "its backup"),
            .. channels.Select(channel => new Choice<string>(channel, channel)), .. members.Select(member => new Choice<string>(member, member)),
        ];
    }

    private async Task SaveAsync()
    {
        (_isBusy, _problem) = (true, null);
        try
        {
            var result = Escalation is null
                ? await escalations.CreateAsync(Visitor.WorkspaceId, _draft, Visitor.ActorFor(Permission.EditPolicy))
                : await escalations.ReplaceAsync(Visitor.WorkspaceId, Escalation.Id, _draft, Version, Visitor.ActorFor(Permission.EditPolicy));
            var outcome = SaveOutcome.Of(result, document => document.Id);
            if (outcome.IsSaved)
            {
                Dialog.Close(DialogResult.Ok(true));
                return;
            }

            _errors.Answer(outcome.Errors ?? new Dictionary<string, string[]>(StringComparer.Ordinal));
            _problem = outcome.Errors is null ? "Someone else changed or deleted it in the meantime. Close this and open it again." : null;
        }
        catch (Exception error) when (StoreFailure.Is(error))
        {
            _problem = "The store takes no changes now; nothing was saved. Try again.";
        }
        finally
        {
            _isBusy = false;
        }
    }
}
