namespace Opsmeter.Web.Hosting;

/// <summary>
/// What is wrong with a body, by field. Empty means nothing. Past a hundred fields, or messages of one field, the rest goes
/// unsaid: a list of a million wrong items must not be answered with a million messages.
/// </summary>
public sealed class FieldErrors
{
    private const int Most = 100;

    private readonly SortedDictionary<string, List<string>> _errors;
    private readonly string _path;

    public FieldErrors()
        : this(new SortedDictionary<string, List<string>>(StringComparer.Ordinal), "")
    {
    }

    private FieldErrors(SortedDictionary<string, List<string>> errors, string path) => (_errors, _path) = (errors, path);

    public bool IsEmpty => _errors.Count == 0;

    /// <summary>The same errors, for the fields of a nested object such as <c>window</c> or <c>conditions[0]</c>.</summary>
    public FieldErrors Under(string field) => new(_errors, NameOf(field));

    public void Add(string field, string message)
    {
        var name = NameOf(field);
        if (!_errors.TryGetValue(name, out var messages))
        {
            if (_errors.Count == Most)
            {
                return;
            }

            _errors[name] = messages = [];
        }

        if (messages.Count < Most && !messages.Contains(message))
        {
            messages.Add(message);
        }
    }

    public bool Has(string field) => _errors.ContainsKey(NameOf(field));

    public Dictionary<string, string[]> ToDictionary() =>
        _errors.ToDictionary(entry => entry.Key, entry => entry.Value.ToArray(), StringComparer.Ordinal);

    private string NameOf(string field) => _path.Length == 0 ? field : field.Length == 0 ? _path : $"{_path}.{field}";
}
