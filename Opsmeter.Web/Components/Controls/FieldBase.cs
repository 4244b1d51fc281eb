using Microsoft.AspNetCore.Components;

namespace Opsmeter.Web.Components.Controls;

/// <summary>What every field of a form has: a name in the API, a label, a hint, and its errors beside it.</summary>
public abstract class FieldBase : ComponentBase, IDisposable
{
    private string? _entered;

    /// <summary>The errors of the form.</summary>
    [CascadingParameter]
    public FormErrors? Errors { get; set; }

    /// <summary>The field as the API spells it.</summary>
    [Parameter, EditorRequired]
    public string Field { get; set; } = "";

    /// <summary>What the field is.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    /// <summary>A line below: what it does, or what is taken when it is left empty.</summary>
    [Parameter]
    public string? Hint { get; set; }

    /// <summary>True to keep the label for those who listen alone, where a heading already says it.</summary>
    [Parameter]
    public bool HideLabel { get; set; }

    /// <summary>The element's id.</summary>
    protected string Id => FormErrors.IdOf(Field);

    /// <summary>What is wrong with it.</summary>
    protected IReadOnlyList<string> Messages => Errors?.For(Field) ?? [];

    /// <summary>The ids of what explains it, for those who listen.</summary>
    protected string? DescribedBy => (Hint is null ? null : $"{Id}-hint", Messages.Count == 0 ? null : $"{Id}-error") switch
    {
        (null, null) => null,
        ({ } hint, null) => hint,
        (null, { } error) => error,
        ({ } hint, { } error) => $"{hint} {error}",
    };

    /// <summary>Whether it is wrong, as the attribute spells it.</summary>
    protected string? Invalid => Messages.Count > 0 ? "true" : null;

    /// <inheritdoc />
    public void Dispose()
    {
        if (Errors is not null)
        {
            Errors.Changed -= Redraw;
        }

        if (_entered is not null)
        {
            Errors?.Leave(_entered);
        }

        GC.SuppressFinalize(this);
    }

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        if (Errors is not null)
        {
            Errors.Changed += Redraw;
        }
    }

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        if (_entered == Field)
        {
            return;
        }

        if (_entered is not null)
        {
            Errors?.Leave(_entered);
        }

        _entered = Field;
        Errors?.Enter(Field, Label);
    }

    private void Redraw() => InvokeAsync(StateHasChanged);
}
