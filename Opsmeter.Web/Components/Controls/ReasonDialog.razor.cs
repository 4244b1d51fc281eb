using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Opsmeter.Web.Components.Controls;

/// <summary>Asks why before something is done that is answered for: the act does not go on without a reason.</summary>
public sealed partial class ReasonDialog
{
    private readonly FormErrors _errors = new();
    private string? _reason;

    /// <summary>The question, with the name of the thing.</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    /// <summary>What happens, in a sentence or two.</summary>
    [Parameter, EditorRequired]
    public string Text { get; set; } = "";

    /// <summary>What the button says.</summary>
    [Parameter, EditorRequired]
    public string Verb { get; set; } = "";

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = default!;

    /// <summary>Shows the dialog; the reason, 1 to 500 characters, or null when the person did not go through with it.</summary>
    /// <param name="dialogs">The dialog service of the page.</param>
    /// <param name="title">See <see cref="Title"/>.</param>
    /// <param name="text">See <see cref="Text"/>.</param>
    /// <param name="verb">See <see cref="Verb"/>.</param>
    public static async Task<string?> AskAsync(IDialogService dialogs, string title, string text, string verb)
    {
        var parameters = new DialogParameters<ReasonDialog>
        {
            { dialog => dialog.Title, title }, { dialog => dialog.Text, text }, { dialog => dialog.Verb, verb },
        };
        var shown = await dialogs.ShowAsync<ReasonDialog>(null, parameters);
        return (await shown.Result)?.Data as string;
    }

    private void Confirm()
    {
        if (_reason?.Trim() is { Length: > 0 and <= 500 } reason)
        {
            Dialog.Close(DialogResult.Ok(reason));
            return;
        }

        _errors.Answer(new Dictionary<string, string[]>(StringComparer.Ordinal) { ["reason"] = ["Write why, 1 to 500 characters."] });
    }
}
