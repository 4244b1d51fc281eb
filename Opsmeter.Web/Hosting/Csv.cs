using System.Globalization;
using System.Text;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// Writes RFC 4180 lines that a spreadsheet opens as they are: text that it would run as a formula gets an apostrophe in
/// front, at its begin and after a line break inside it. Numbers are written plainly and have no separators.
/// </summary>
internal static class Csv
{
    /// <summary>Appends one line.</summary>
    public static void AppendLine(StringBuilder to, params ReadOnlySpan<object?> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0)
            {
                to.Append(',');
            }

            Append(to, fields[i]);
        }

        to.Append("\r\n");
    }

    private static void Append(StringBuilder to, object? field)
    {
        switch (field)
        {
            case null:
                break;
            case string text:
                AppendText(to, text);
                break;
            case DateTimeOffset time:
                to.Append(time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture));
                break;
            case IFormattable number:
                to.Append(number.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                throw new ArgumentException($"{field.GetType().Name} is neither text nor a number.", nameof(field));
        }
    }

    private static void AppendText(StringBuilder to, string text)
    {
        var start = to.Length;
        var (isQuoted, isLineStart) = (false, true);
        foreach (var character in text)
        {
            if (isLineStart && character is '=' or '+' or '-' or '@' or '\t' or '\0')
            {
                to.Append('\'');
            }

            isLineStart = character is '\r' or '\n';
            isQuoted |= isLineStart || character is ',' or '"' or '\'';
            to.Append(character == '"' ? "\"\"" : character.ToString());
        }

        if (isQuoted)
        {
            to.Insert(start, '"').Append('"');
        }
    }
}
