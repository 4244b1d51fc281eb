using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>Where messages are sent to: made, tried, changed and deleted.</summary>
public sealed partial class ChannelsPage(ChannelPolicies channels, ChannelTrials trials, IDialogService dialogs, ISnackbar snackbar)
{
    private IReadOnlyList<Versioned<ChannelItem>>? _channels;
    private ChannelItem? _made;
    private string? _testing;

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private bool CanEdit => Visitor.Can(Permission.EditPolicy);

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync() => _channels = await channels.ListAsync(Visitor.WorkspaceId);

    private async Task EditAsync(ChannelItem? channel, int? version = null)
    {
        if (CanEdit && await ChannelDialog.AskAsync(dialogs, Visitor, channel, version) is { } saved)
        {
            _made = saved.Secret is null ? null : saved;
            snackbar.Add($"{saved.Name} is saved. Send a test to see whether it arrives.", Severity.Success);
            await LoadAsync();
        }
    }

    private async Task TestAsync(ChannelItem channel)
    {
        if (!CanEdit)
        {
            return;
        }

        _testing = channel.Id;
        StateHasChanged();
        var (isDelivered, error) = await trials.SendAsync(Visitor.WorkspaceId, channel.Id, Visitor.ActorFor(Permission.EditPolicy));
        snackbar.Add(isDelivered ? $"{channel.Name} took the test." : $"{channel.Name}: {error}", isDelivered ? Severity.Success : Severity.Error);
        _testing = null;
        await LoadAsync();
    }

    private async Task DeleteAsync(ChannelItem channel, int version)
    {
        var sure = await ConfirmDialog.AskAsync(dialogs, $"Delete \"{channel.Name}\"?", "Delete the channel", "Nothing is sent to it from this moment on.", ["What waits for it is not sent."]);
        if (!sure || !CanEdit)
        {
            return;
        }

        var outcome = SaveOutcome.Of(await channels.DeleteAsync(Visitor.WorkspaceId, channel.Id, version, Visitor.ActorFor(Permission.EditPolicy)), item => item.Id);
        snackbar.Add(
            outcome.IsSaved ? $"{channel.Name} is deleted." : outcome.Errors?.Values.First()[0] ?? "It was changed by someone else in the meantime; it was not deleted.",
            outcome.IsSaved ? Severity.Success : Severity.Error);
        await LoadAsync();
    }
}
