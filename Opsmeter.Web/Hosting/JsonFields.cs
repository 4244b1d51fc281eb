using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// Reads the members of one JSON object strictly: what is wrong is collected by field and never thrown. Unknown members
/// are ignored; a member given twice is an error, since readers disagree on which one counts.
/// </summary>
public readonly struct JsonFields
{
    private const int DeepestMember = 31;

    private readonly Dictionary<string, JsonElement> _members;

    /// <summary>Takes the members of an object.</summary>
    public JsonFields(JsonElement element, FieldErrors errors)
    {
        Errors = errors;
        _members = new Dictionary<string, JsonElement>(24, StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (!TryName(member, out var name))
            {
                errors.Add("", "A member's name is not valid Unicode.");
            }
            else if (!_members.TryAdd(name, member.Value))
            {
                errors.Add(name, "Is given twice.");
            }
            else if (DepthOf(member.Value) > DeepestMember)
            {
                errors.Add(name, "Is nested deeper than 32 levels.");
            }
        }
    }

    public FieldErrors Errors { get; }

    /// <summary>The member's value; false where it is absent or null.</summary>
    public bool TryGet(string name, out JsonElement value) =>
        _members.TryGetValue(name, out value) && value.ValueKind != JsonValueKind.Null;

    public bool Contains(string name) => _members.ContainsKey(name);

    public string Required(string name, int longest)
    {
        var text = Optional(name, longest);
        if (string.IsNullOrWhiteSpace(text) && !Errors.Has(name))
        {
            Errors.Add(name, $"Is required: text of 1 to {longest} characters.");
        }

        return text ?? "";
    }

    public string? Optional(string name, int longest)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String || !TryText(value, out var text))
        {
            Errors.Add(name, value.ValueKind == JsonValueKind.String ? "Is not valid Unicode text." : "Must be text.");
            return null;
        }

        if (text.Length > longest)
        {
            Errors.Add(name, $"Is longer than {longest} characters.");
            return null;
        }

        if (text.AsSpan().ContainsAnyInRange('\u0000', '\u001f') || text.AsSpan().ContainsAnyInRange('\u007f', '\u009f'))
        {
            Errors.Add(name, "Contains control characters.");
            return null;
        }

        return text.Length == 0 ? null : text;
    }

    /// <summary>A whole number in a range, both ends inclusive; null where absent.</summary>
    public long? Integer(string name, long least, long most, bool required = false, bool round = false)
    {
        if (!TryGet(name, out var value))
        {
            if (required)
            {
                Errors.Add(name, $"Is required: a whole number from {Number(least)} to {Number(most)}.");
            }

            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && TryDecimal(value, out var number))
        {
            number = round ? decimal.Round(number, MidpointRounding.ToEven) : number;
            if (number == decimal.Truncate(number) && number >= least && number <= most)
            {
                return (long)number;
            }
        }

        Errors.Add(name, $"Must be a whole number from {Number(least)} to {Number(most)}, written as a JSON number.");
        return null;
    }

    /// <summary>A number in a range, both ends inclusive; null where absent.</summary>
    public decimal? Decimal(string name, decimal least, decimal most)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && TryDecimal(value, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Errors.Add(name, $"Must be a number from {Number(least)} to {Number(most)}.");
        return null;
    }

    public bool? Boolean(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Errors.Add(name, "Must be true or false.");
        return null;
    }

    /// <summary>One of an enum's names, whatever their case; null where absent.</summary>
    public T? Enumeration<T>(string name, bool required = false)
        where T : struct, Enum
    {
        if (!TryGet(name, out var value))
        {
            if (required)
            {
                Errors.Add(name, $"Is required: {Choices<T>()}.");
            }

            return null;
        }

        if (value.ValueKind == JsonValueKind.String && TryText(value, out var text) && TryEnum<T>(text, out var result))
        {
            return result;
        }

        Errors.Add(name, $"Must be {Choices<T>()}.");
        return null;
    }

    /// <summary>An RFC 3339 instant with an offset; null where absent.</summary>
    public DateTimeOffset? Instant(string name)
    {
        if (!TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.String && TryText(value, out var text) && Rfc3339.TryParse(text, out var instant) is null)
        {
            return instant;
        }

        Errors.Add(name, "Must be an RFC 3339 time with an offset, such as 2026-11-23T14:05:00Z.");
        return null;
    }

    /// <summary>Parses an enum's name, whatever its case; numbers are not names.</summary>
    public static bool TryEnum<T>(string text, out T value)
        where T : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<T>())
        {
            if (string.Equals(candidate.ToString(), text, StringComparison.OrdinalIgnoreCase))
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }

    public static bool TryText(JsonElement value, out string text)
    {
        try
        {
            text = value.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            // Lone surrogates and broken UTF-8 are found only when the text is taken out.
            text = "";
            return false;
        }
    }

    public static bool TryDecimal(JsonElement value, out decimal number)
    {
        try
        {
            // What is nearer to zero than a decimal can be would become zero, and pass for a whole number.
            return value.TryGetDecimal(out number) && (number != 0 || IsZero(JsonMarshal.GetRawUtf8Value(value)));
        }
        catch (FormatException)
        {
            number = 0;
            return false;
        }
    }

    /// <summary>An enum's names as the API spells them, for messages.</summary>
    public static string Choices<T>()
        where T : struct, Enum =>
        "one of " + string.Join(", ", Enum.GetNames<T>().Select(name => JsonNamingPolicy.CamelCase.ConvertName(name)));

    private static bool TryName(JsonProperty member, out string name)
    {
        try
        {
            name = member.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }

    private static int DepthOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => 1 + value.EnumerateObject().Select(member => DepthOf(member.Value)).DefaultIfEmpty().Max(),
        JsonValueKind.Array => 1 + value.EnumerateArray().Select(DepthOf).DefaultIfEmpty().Max(),
        JsonValueKind.Undefined or JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
            or JsonValueKind.Null => 0,
    };

    private static bool IsZero(ReadOnlySpan<byte> number)
    {
        var e = number.IndexOfAny((byte)'e', (byte)'E');
        return !(e < 0 ? number : number[..e]).ContainsAnyInRange((byte)'1', (byte)'9');
    }

    private static string Number(decimal value) => value.ToString("#,##0.#########", CultureInfo.InvariantCulture);
}
