using System.Text.Json;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Policy;

/// <summary>
/// Reads the members of a policy's object as drafts have them: types alone are checked here, what they may say is for the
/// rules, which the form asks too. Absent and null are the same.
/// </summary>
internal sealed class DraftFields(JsonElement element, FieldErrors errors)
{
    // Ten times what any list may have; the rules say the limit of each, but only after every item was read.
    private const int MostItems = 10_000;

    private readonly JsonFields _fields = new(element, errors);

    public bool Has(string name) => _fields.Contains(name);

    public string? Text(string name) => _fields.TryGet(name, out var value) ? TextOf(name, value) : null;

    public decimal? Number(string name) => _fields.TryGet(name, out var value) ? NumberOf(name, value) : null;

    /// <summary>A whole number; one past the range of the type becomes its end, which the rules then refuse with their range.</summary>
    public long? Whole(string name, long least = long.MinValue, long most = long.MaxValue)
    {
        if (!_fields.TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && JsonFields.TryDecimal(value, out var number) && number == decimal.Truncate(number))
        {
            return (long)Math.Clamp(number, least, most);
        }

        errors.Add(name, "Write a whole number, without quotes.");
        return null;
    }

    public int? Small(string name) => (int?)Whole(name, int.MinValue, int.MaxValue);

    public bool? Flag(string name) => _fields.Boolean(name);

    public T? Choice<T>(string name)
        where T : struct, Enum => _fields.Enumeration<T>(name);

    public DateTimeOffset? Instant(string name) => _fields.Instant(name);

    public T? Nested<T>(string name, Func<DraftFields, T> read)
        where T : class => _fields.TryGet(name, out var value) ? ObjectOf(name, value, read) : null;

    public List<string>? Texts(string name) => Items(name, TextOf);

    public List<decimal>? Numbers(string name) => Items(name, NumberOf)?.ConvertAll(number => number!.Value);

    public List<T>? Choices<T>(string name)
        where T : struct, Enum => Items(name, ChoiceOf<T>)?.ConvertAll(choice => choice!.Value);

    public List<T>? NestedList<T>(string name, Func<DraftFields, T> read)
        where T : class
    {
        var index = 0;
        return Items(name, (_, value) => ObjectOf($"{name}[{index++}]", value, read));
    }

    private List<T>? Items<T>(string name, Func<string, JsonElement, T?> read)
    {
        if (!_fields.TryGet(name, out var value))
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            errors.Add(name, "Write a list in square brackets.");
            return null;
        }

        if (value.GetArrayLength() > MostItems)
        {
            errors.Add(name, "The list is too long.");
            return null;
        }

        var items = new List<T>();
        foreach (var item in value.EnumerateArray())
        {
            if (read(name, item) is { } taken)
            {
                items.Add(taken);
            }
            else if (errors.Has(name))
            {
                // One message for a list is enough.
                return null;
            }
        }

        return items;
    }

    private T? ObjectOf<T>(string name, JsonElement value, Func<DraftFields, T> read)
        where T : class
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            return read(new DraftFields(value, errors.Under(name)));
        }

        errors.Add(name, "Write an object in braces.");
        return null;
    }

    private string? TextOf(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String && JsonFields.TryText(value, out var text))
        {
            return text;
        }

        errors.Add(name, "Write text, in quotes.");
        return null;
    }

    private decimal? NumberOf(string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && JsonFields.TryDecimal(value, out var number))
        {
            return number;
        }

        errors.Add(name, "Write a number, without quotes.");
        return null;
    }

    private T? ChoiceOf<T>(string name, JsonElement value)
        where T : struct, Enum
    {
        if (value.ValueKind == JsonValueKind.String && JsonFields.TryText(value, out var text) && JsonFields.TryEnum<T>(text, out var choice))
        {
            return choice;
        }

        errors.Add(name, $"Must be {JsonFields.Choices<T>()}.");
        return null;
    }
}
