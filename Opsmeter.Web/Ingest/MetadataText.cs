using System.Text;

namespace Opsmeter.Web.Ingest;

/// <summary>
/// Writes the kept members of <c>metadata</c> as JSON with the least escaping that JSON allows. The framework's writer
/// escapes every character outside the first plane, which would count an emoji as twelve bytes against the limit instead
/// of the four that were sent. Text is encoded where it is shown.
/// </summary>
internal sealed class MetadataText
{
    private readonly StringBuilder _json = new("{", 256);

    /// <summary>How many members there are.</summary>
    public int Members { get; private set; }

    /// <summary>The length in UTF-8, closing brace included.</summary>
    public int Bytes { get; private set; } = 2;

    /// <summary>Adds a string.</summary>
    /// <param name="name">The member's name, free of control characters.</param>
    /// <param name="text">Its value, free of control characters.</param>
    public void AddText(string name, string text) => Add(name, Quote(text));

    /// <summary>Adds a number or boolean.</summary>
    /// <param name="name">The member's name, free of control characters.</param>
    /// <param name="literal">Its JSON text, kept to the digit.</param>
    public void AddLiteral(string name, string literal) => Add(name, literal);

    /// <summary>The object, or null when it has no member.</summary>
    public string? ToJson() => Members == 0 ? null : _json.ToString() + '}';

    private void Add(string name, string value)
    {
        var member = $"{(Members == 0 ? "" : ",")}{Quote(name)}:{value}";
        _json.Append(member);
        Bytes += Encoding.UTF8.GetByteCount(member);
        Members++;
    }

    // Control characters were refused before, so that only these two are left to escape.
    private static string Quote(string text) =>
        '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';
}
