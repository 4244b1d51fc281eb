using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Opsmeter.Web.Components.Layout;

/// <summary>Closes a menu once what was chosen in it has been done; links in menus close theirs themselves.</summary>
internal static class MenuScript
{
    /// <summary>Closes a menu and puts the focus back on its button.</summary>
    public static async Task CloseAsync(IJSRuntime js, ElementReference menu)
    {
        try
        {
            await using var shell = await js.InvokeAsync<IJSObjectReference>("import", "./js/shell.js");
            await shell.InvokeVoidAsync("closeMenu", menu);
        }
        catch (JSDisconnectedException)
        {
            // The browser has gone, and the menu with it.
        }
    }
}
