namespace Opsmeter.Web.Components.Controls;

/// <summary>
/// What is wrong with a form, by field as the API spells it (<c>conditions[0].values[1]</c>). Cascaded to the fields: each
/// shows its own, and one that stands for a list or an object shows those of its parts.
/// </summary>
public sealed class FormErrors
{
    private readonly Dictionary<string, string[]> _answered = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _unreadable = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _labels = new(StringComparer.Ordinal);

    /// <summary>
    /// Told when what is wrong has changed. A field whose own parameters stay the same is not drawn again with its form,
    /// so it has to hear of it here.
    /// </summary>
    public event Action? Changed;

    /// <summary>True while a field holds text that is not the number or time it should be: it cannot be sent.</summary>
    public bool HasUnreadable => _unreadable.Count > 0;

    /// <summary>Everything that is wrong, in the order of the fields.</summary>
    public IReadOnlyList<FormProblem> All =>
    [
        .. _answered.SelectMany(entry => entry.Value.Select(message => (entry.Key, Message: message)))
            .Concat(_unreadable.Select(entry => (entry.Key, Message: entry.Value)))
            .Select(entry => (Owner: OwnerOf(entry.Key), entry.Key, entry.Message))
            .OrderBy(entry => entry.Owner is null ? int.MaxValue : _labels.Keys.ToList().IndexOf(entry.Owner))
            .Select(entry => new FormProblem(
                entry.Owner is { } owner ? _labels[owner] : entry.Key, entry.Message, entry.Owner is null ? null : IdOf(entry.Owner))),
    ];

    /// <summary>The id of a field's element.</summary>
    public static string IdOf(string field) =>
        "f-" + field.Replace("[", "-", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace('.', '-');

    /// <summary>Takes over what the server said, in place of what it said before.</summary>
    public void Answer(IReadOnlyDictionary<string, string[]> errors)
    {
        _answered.Clear();
        foreach (var (field, messages) in errors)
        {
            _answered[field] = messages;
        }

        Changed?.Invoke();
    }

    /// <summary>Forgets everything: another document is shown.</summary>
    public void Clear()
    {
        _answered.Clear();
        _unreadable.Clear();
        Changed?.Invoke();
    }

    /// <summary>What to show beside a field.</summary>
    public IReadOnlyList<string> For(string field) =>
    [
        .. _unreadable.Where(entry => entry.Key == field).Select(entry => entry.Value),
        .. _answered.Where(entry => OwnerOf(entry.Key) == field).SelectMany(entry => entry.Value),
    ];

    /// <summary>Forgets what the server said of a field and its parts: someone is changing it.</summary>
    public void Forget(string field)
    {
        var forgotten = _answered.Keys.Where(key => key == field || IsPart(key, field)).ToArray();
        foreach (var key in forgotten)
        {
            _answered.Remove(key);
        }

        if (forgotten.Length > 0)
        {
            Changed?.Invoke();
        }
    }

    /// <summary>Notes that a field's text cannot be read, or with null that it can again.</summary>
    public void Unreadable(string field, string? message)
    {
        _unreadable.Remove(field);
        if (message is not null)
        {
            _unreadable[field] = message;
        }
    }

    internal void Enter(string field, string label) => _labels[field] = label;

    internal void Leave(string field)
    {
        _labels.Remove(field);
        _unreadable.Remove(field);
    }

    private static bool IsPart(string key, string field) =>
        key.Length > field.Length && key.StartsWith(field, StringComparison.Ordinal) && key[field.Length] is '[' or '.';

    private string? OwnerOf(string key) => _labels.ContainsKey(key)
        ? key
        : _labels.Keys.Where(field => IsPart(key, field)).MaxBy(field => field.Length);
}
