namespace Opsmeter.Core.Telemetry;

/// <summary>
/// A value to match, or a prefix where the text ends in <c>*</c>; a star anywhere else is an ordinary character.
/// The default value matches nothing.
/// </summary>
public readonly record struct Pattern
{
    private readonly string? _text;

    /// <summary>Creates a pattern from its text.</summary>
    /// <param name="text">A value, or a prefix followed by <c>*</c>. A lone star matches every present value.</param>
    public Pattern(string text)
    {
        _text = text;
        IsPrefix = text.EndsWith('*');
    }

    /// <summary>True when the pattern ends in a star.</summary>
    public bool IsPrefix { get; }

    /// <summary>How many characters have to agree; the longest pattern that matches is the most specific.</summary>
    public int Specificity => _text is null ? 0 : IsPrefix ? _text.Length - 1 : _text.Length;

    /// <summary>True when the value is present and agrees.</summary>
    public bool Matches(string? value, StringComparison comparison = StringComparison.Ordinal)
    {
        if (value is null || _text is null)
        {
            return false;
        }

        return IsPrefix
            ? value.AsSpan().StartsWith(_text.AsSpan(0, _text.Length - 1), comparison)
            : string.Equals(value, _text, comparison);
    }

    /// <inheritdoc />
    public override string ToString() => _text ?? "";
}
