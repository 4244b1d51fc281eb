using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>Makes or changes a channel; stays open while something of it is wrong.</summary>
public sealed partial class ChannelDialog(ChannelPolicies channels)
{
    private readonly FormErrors _errors = new();
    private ChannelDraft _draft = new() { Kind = ChannelKind.Slack };
    private string? _problem;
    private bool _isBusy;

    /// <summary>The channel; null for a new one.</summary>
    [Parameter]
    public ChannelItem? Channel { get; set; }

    /// <summary>The version that it is changed from.</summary>
    [Parameter]
    public int? Version { get; set; }

    /// <summary>Who saves it.</summary>
    [Parameter, EditorRequired]
    public Visitor Visitor { get; set; } = default!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    private ChannelKind Kind => _draft.Kind ?? ChannelKind.Slack;

    private string? SecretHint => Channel is { HasSecret: true } && Channel.Kind == Kind
        ? Kind == ChannelKind.Webhook ? "Leave it empty to keep the one there is. With a new one, messages are signed with both for 24 hours." : "Leave it empty to keep the one there is."
        : Kind == ChannelKind.Webhook ? "Leave it empty to have one made." : null;

    /// <summary>Asks; null when the person changed their mind.</summary>
    internal static async Task<ChannelItem?> AskAsync(IDialogService dialogs, Visitor visitor, ChannelItem? channel, int? version)
    {
        var parameters = new DialogParameters<ChannelDialog> { { dialog => dialog.Visitor, visitor }, { dialog => dialog.Channel, channel }, { dialog => dialog.Version, version } };
        var shown = await dialogs.ShowAsync<ChannelDialog>("Channel", parameters);
        return await shown.Result is { Canceled: false, Data: ChannelItem saved } ? saved : null;
    }

    /// <inheritdoc />
    protected override void OnInitialized() => _draft = Channel is null ? _draft : ChannelDraft.Of(Channel.Document);

    private async Task SaveAsync()
    {
        (_isBusy, _problem) = (true, null);
        try
        {
            var result = Channel is null
                ? await channels.CreateAsync(Visitor.WorkspaceId, _draft, Visitor.ActorFor(Permission.EditPolicy))
                : await channels.ReplaceAsync(Visitor.WorkspaceId, Channel.Id, _draft, Version, Visitor.ActorFor(Permission.EditPolicy));
            if (result is PolicyResult<ChannelItem>.Saved saved)
            {
                Dialog.Close(DialogResult.Ok(saved.Item.Document));
                return;
            }

            var outcome = SaveOutcome.Of(result, item => item.Id);
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
