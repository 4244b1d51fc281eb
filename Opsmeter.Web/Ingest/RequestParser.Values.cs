using Opsmeter.Web.Hosting;
using System.Globalization;
using System.Text.Json;

namespace Opsmeter.Web.Ingest;

/// <content>How each kind of value is read. Each leaves the tokenizer on the value's last token.</content>
internal ref partial struct RequestParser
{
    private const string ControlCharacter = "Must not contain control characters.";
    private const string NotUnicode = "Must be valid Unicode text.";

    private static bool IsRequired(RequestField field) => RequestFields.Required.Contains(field);

    private bool Text(int max, out string? value)
    {
        value = null;
        if (!TryGetText(max, out var text, out var present))
        {
            return present;
        }

        // Text is kept as sent; but a required one of nothing but space names nothing.
        if (IsRequired(_field) && text.IsWhiteSpace())
        {
            return false;
        }

        value = IsAnId(_field) ? text.ToString() : RecentTexts.Of(text);
        return true;
    }

    // No row shares it with others.
    private static bool IsAnId(RequestField field) => field is RequestField.ExternalRequestId or RequestField.ProviderResponseId;

    // False without a text: absent when not present, else refused with an error.
    private bool TryGetText(int max, out ReadOnlySpan<char> text, out bool present)
    {
        text = default;
        present = _reader.TokenType != JsonTokenType.Null;
        if (_reader.TokenType != JsonTokenType.String)
        {
            if (present)
            {
                Refuse("Must be a string.");
            }

            return false;
        }

        if (_reader.ValueSpan.IsEmpty)
        {
            present = false;
            return false;
        }

        var error = Decode(max, out text);
        if (error is not null)
        {
            Fail(error);
            return false;
        }

        return true;
    }

    private readonly string? Decode(int max, out ReadOnlySpan<char> text)
    {
        text = default;
        if (_reader.ValueSpan.Length > max * BytesPerEscape)
        {
            return TooLong(max);
        }

        try
        {
            var length = _reader.CopyString(_scratch);
            text = _scratch[..length];
        }
        catch (InvalidOperationException)
        {
            return NotUnicode;
        }

        return text.Length > max ? TooLong(max) : HasControl(text) ? ControlCharacter : null;
    }

    private static string TooLong(int max) =>
        string.Create(CultureInfo.InvariantCulture, $"Must be at most {max} characters.");

    // C0, DEL and C1: they break logs and CSV, and PostgreSQL refuses U+0000.
    private static bool HasControl(ReadOnlySpan<char> text) =>
        text.ContainsAnyInRange('\0', '\x1f') || text.ContainsAnyInRange('\x7f', '\x9f');

    private bool Integer(long max, out long value)
    {
        if (!TryGetNumber(0, max, out value, out var exact, out var present) || !exact)
        {
            value = 0;
            if (present)
            {
                Refuse(string.Create(CultureInfo.InvariantCulture, $"Must be a whole number from 0 to {max:N0}."));
            }
        }

        return present;
    }

    private bool Latency(out long value)
    {
        if (!TryGetNumber(0, MaxLatencyMs, out value, out _, out var present) && present)
        {
            Refuse("Must be a number of milliseconds from 0 to 86,400,000.");
        }

        return present;
    }

    private bool Cost(out long nano)
    {
        if (!TryGetNumber(9, MaxCostNano, out nano, out _, out var present) && present)
        {
            Refuse("Must be a number of US dollars from 0 to 1,000,000.");
        }

        return present;
    }

    private readonly bool TryGetNumber(int decimals, long max, out long value, out bool exact, out bool present)
    {
        value = 0;
        exact = false;
        present = _reader.TokenType != JsonTokenType.Null;
        if (_reader.TokenType != JsonTokenType.Number
            || !JsonNumberText.TryScale(_reader.ValueSpan, decimals, out value, out exact) || value > max)
        {
            value = 0;
            return false;
        }

        return true;
    }

    private bool OneOf(string[] names, out int index)
    {
        index = 0;
        if (!TryGetText(MaxText, out var text, out var present))
        {
            return present;
        }

        for (var i = 0; i < names.Length; i++)
        {
            if (text.Equals(names[i], StringComparison.OrdinalIgnoreCase))
            {
                index = i;
                return true;
            }
        }

        Fail($"Must be one of: {string.Join(", ", names)}.");
        return true;
    }

    private bool Boolean(out bool value)
    {
        value = _reader.TokenType == JsonTokenType.True;
        if (_reader.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            return true;
        }

        if (_reader.TokenType == JsonTokenType.Null)
        {
            return false;
        }

        Refuse("Must be true or false.");
        return true;
    }

    private bool Instant(out DateTimeOffset value)
    {
        value = default;
        if (_reader.TokenType == JsonTokenType.Number)
        {
            Refuse(Rfc3339.NotANumber);
            return true;
        }

        if (!TryGetText(MaxText, out var text, out var present))
        {
            return present;
        }

        var error = Rfc3339.TryParse(text, out value);
        if (error is not null)
        {
            Fail(error);
        }
        else if (value - _now > RequestReader.ClockTolerance)
        {
            Fail("Is more than 5 minutes ahead of the server's clock; check the sender's clock.");
        }
        else if (_now - value > _rawRetention)
        {
            Fail("Is older than raw rows are kept; it cannot be counted any more.");
        }

        return true;
    }

    private void Refuse(string message)
    {
        Skip();
        if (!_halted)
        {
            Fail(message);
        }
    }

    // Leaves a nested value behind in one pass, watching the depth on the way.
    private void Skip()
    {
        if (_reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return;
        }

        var outer = _reader.CurrentDepth;
        do
        {
            if (_reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray
                && _reader.CurrentDepth >= _maxDepth)
            {
                Fail(Whole, string.Create(CultureInfo.InvariantCulture, $"Is nested deeper than {_maxDepth} levels."));
                _halted = true;
                return;
            }

            _reader.Read();
        }
        while (_reader.CurrentDepth > outer);
    }
}
