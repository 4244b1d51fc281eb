using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Components.Pages.Account;

/// <summary>Adds and removes passkeys. The browser makes them; it talks to the server by itself, where cookies can be set.</summary>
public sealed partial class PasskeyPanel(Passkeys passkeys, IJSRuntime js, IDialogService dialogs)
{
    private IReadOnlyList<PasskeyItem>? _passkeys;
    private string? _problem;
    private bool _isBusy;

    [CascadingParameter]
    private Visitor Visitor { get; set; } = default!;

    /// <inheritdoc />
    protected override Task OnInitializedAsync() => ReadAsync();

    private async Task ReadAsync() => _passkeys = await passkeys.ListAsync(Visitor.MemberId);

    private async Task AddAsync()
    {
        (_isBusy, _problem) = (true, null);
        try
        {
            await using var module = await js.InvokeAsync<IJSObjectReference>("import", "./js/account.js");
            _problem = await module.InvokeAsync<string?>("addPasskey");
            await ReadAsync();
        }
        catch (JSException error)
        {
            _problem = "The passkey could not be made: " + error.Message;
        }
        finally
        {
            _isBusy = false;
        }
    }

    private async Task RemoveAsync(PasskeyItem passkey)
    {
        if (await ConfirmDialog.AskAsync(dialogs, $"Remove \"{passkey.Name}\"?", "Remove it", "It lets nobody in from then on. Remove it on the device too."))
        {
            await passkeys.RemoveAsync(Visitor, passkey.Id);
            await ReadAsync();
        }
    }
}
