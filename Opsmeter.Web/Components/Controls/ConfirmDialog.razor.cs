using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Opsmeter.Web.Components.Controls;

/// <summary>Asks before something is destroyed, and names what that is.</summary>
public sealed partial class ConfirmDialog
{
    private string _typed = "";

    /// <summary>The question, with the name of the thing: <c>Delete budget "Agents research"?</c></summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>What happens, in a sentence.</summary>
    [Parameter]
    public string? Text { get; set; }

    /// <summary>What will be gone, one thing a line.</summary>
    [Parameter]
    public IReadOnlyList<string> Losses { get; set; } = [];

    /// <summary>What the button says: the verb and the thing.</summary>
    [Parameter, EditorRequired]
    public string Verb { get; set; } = "";

    /// <summary>What has to be typed before the button works; null to ask for no typing.</summary>
    [Parameter]
    public string? MustType { get; set; }

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    private bool Ready => MustType is null || string.Equals(_typed.Trim(), MustType, StringComparison.Ordinal);

    /// <summary>Shows the dialog; true when the person went through with it.</summary>
    /// <param name="dialogs">The dialog service of the page.</param>
    /// <param name="title">See <see cref="Title"/>.</param>
    /// <param name="verb">See <see cref="Verb"/>.</param>
    /// <param name="text">See <see cref="Text"/>.</param>
    /// <param name="losses">See <see cref="Losses"/>.</param>
    /// <param name="mustType">See <see cref="MustType"/>.</param>
    public static async Task<bool> AskAsync(
        IDialogService dialogs, string title, string verb, string? text = null, IReadOnlyList<string>? losses = null, string? mustType = null)
    {
        var parameters = new DialogParameters<ConfirmDialog>
        {
            { dialog => dialog.Title, title },
            { dialog => dialog.Verb, verb },
            { dialog => dialog.Text, text },
            { dialog => dialog.Losses, losses ?? [] },
            { dialog => dialog.MustType, mustType },
        };
        var shown = await dialogs.ShowAsync<ConfirmDialog>(title, parameters);
        return await shown.Result is { Canceled: false };
    }

    private void Confirm()
    {
        if (Ready)
        {
            Dialog.Close(DialogResult.Ok(true));
        }
    }
}
