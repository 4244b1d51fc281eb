using Microsoft.AspNetCore.Components;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>The workspace's keys: who may make them, what they may do, when they were last used.</summary>
public sealed partial class ApiKeysPage(ApiKeys keys, IDialogService dialogs, ISnackbar snackbar, TimeProvider time)
{
    private IReadOnlyList<KeyItem>? _keys;
    private (KeyItem Item, string Key)? _made;

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    private DateTimeOffset Now => time.GetUtcNow();

    /// <inheritdoc />
    protected override async Task OnInitializedAsync() => _keys = await keys.ListAsync(Visitor.WorkspaceId);

    private async Task CreateAsync()
    {
        if (!Visitor.Can(Permission.ManageKeys) || await NewKeyDialog.AskAsync(dialogs) is not { } wanted)
        {
            return;
        }

        DateTimeOffset? expires = wanted.Days is { } days ? Now.AddDays(days) : null;
        _made = await keys.CreateAsync(
            Visitor.WorkspaceId, wanted.Name, wanted.Scopes, wanted.Environment, expires, Visitor.ActorFor(Permission.ManageKeys), requestsPerMinute: wanted.RequestsPerMinute);
        _keys = await keys.ListAsync(Visitor.WorkspaceId);
    }

    private async Task RotateAsync(KeyItem key)
    {
        var sure = await ConfirmDialog.AskAsync(
            dialogs,
            $"Replace \"{key.Name}\"?",
            "Make the new key",
            "The new key may do the same. The old one goes on for 24 hours, so that you can change your apps one by one.");
        if (!sure || !Visitor.Can(Permission.ManageKeys))
        {
            return;
        }

        _made = await keys.RotateAsync(Visitor.WorkspaceId, key.Id, ApiKeys.UsualOverlap, Visitor.ActorFor(Permission.ManageKeys));
        _keys = await keys.ListAsync(Visitor.WorkspaceId);
    }

    private async Task RevokeAsync(KeyItem key)
    {
        var sure = await ConfirmDialog.AskAsync(
            dialogs,
            $"Revoke \"{key.Name}\"?",
            "Revoke the key",
            "It is refused from this moment on, for good.",
            ["Every app that still sends it is answered 401: its requests are no longer counted."]);
        if (!sure || !Visitor.Can(Permission.ManageKeys))
        {
            return;
        }

        await keys.RevokeAsync(Visitor.WorkspaceId, key.Id, Visitor.ActorFor(Permission.ManageKeys));
        snackbar.Add($"{key.Name} is revoked.", Severity.Success);
        _keys = await keys.ListAsync(Visitor.WorkspaceId);
    }
}
