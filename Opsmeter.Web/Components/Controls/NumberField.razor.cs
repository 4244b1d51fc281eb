using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;

namespace Opsmeter.Web.Components.Controls;

/// <summary>
/// A number, or nothing. Text that is no number stays as it was typed and is said to be wrong: it is neither dropped nor
/// guessed at, since "1,50" is one and a half to some and a hundred and fifty to others.
/// </summary>
public sealed partial class NumberField
{
    private string? _text;
    private decimal? _last;
    private bool _isShown;

    /// <summary>The number.</summary>
    [Parameter, EditorRequired]
    public decimal? Value { get; set; }

    /// <summary>Called with another number, when the field is left.</summary>
    [Parameter]
    public EventCallback<decimal?> ValueChanged { get; set; }

    /// <summary>True when it has no decimals.</summary>
    [Parameter]
    public bool IsWhole { get; set; }

    /// <summary>The most that can be sent at all; the rules of the field may want less.</summary>
    [Parameter]
    public decimal Most { get; set; } = int.MaxValue;

    /// <summary>The unit before it.</summary>
    [Parameter]
    public string? Prefix { get; set; }

    /// <summary>The unit behind it.</summary>
    [Parameter]
    public string? Suffix { get; set; }

    /// <summary>What an empty field shows: what is taken then.</summary>
    [Parameter]
    public string? Placeholder { get; set; }

    /// <summary>Reads a number as it is written here: 1234.5 or 1,234.50.</summary>
    public static bool TryRead(string text, out decimal number)
    {
        number = 0;
        return Written().IsMatch(text)
            && decimal.TryParse(text.Replace(",", "", StringComparison.Ordinal), NumberStyles.Number, CultureInfo.InvariantCulture, out number);
    }

    /// <inheritdoc />
    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        if (_isShown && Value == _last)
        {
            return;
        }

        (_isShown, _last) = (true, Value);
        _text = Value?.ToString(IsWhole ? "#,##0" : "#,##0.#########", CultureInfo.InvariantCulture);
        Errors?.Unreadable(Field, null);
    }

    private Task ChangeAsync(string? text)
    {
        _text = text?.Trim();
        Errors?.Forget(Field);
        Errors?.Unreadable(Field, null);
        if (string.IsNullOrEmpty(_text))
        {
            return SetAsync(null);
        }

        if (!TryRead(_text.Trim('$', '%', '×', ' '), out var number))
        {
            Errors?.Unreadable(Field, IsWhole ? "Write a whole number, such as 10,000." : "Write a number, such as 1,234.50.");
            return SetAsync(_last);
        }

        if (IsWhole && number != decimal.Truncate(number))
        {
            Errors?.Unreadable(Field, "Write a whole number, such as 10,000.");
            return SetAsync(_last);
        }

        if (Math.Abs(number) > Most)
        {
            Errors?.Unreadable(Field, $"Write at most {Most.ToString("#,##0", CultureInfo.InvariantCulture)}.");
            return SetAsync(_last);
        }

        return SetAsync(number);
    }

    // Told even when it stays: the form then draws its errors.
    private Task SetAsync(decimal? number)
    {
        _last = number;
        return ValueChanged.InvokeAsync(number);
    }

    [GeneratedRegex(@"^-?(\d+|\d{1,3}(,\d{3})+)?(\.\d+)?$")]
    private static partial Regex Written();
}
