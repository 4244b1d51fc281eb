using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// YAML as another spelling of JSON: the same members, and back again without a difference. What only YAML has, such as
/// anchors, tags and several documents, is refused.
/// </summary>
internal static partial class YamlText
{
    private const int MostDepth = 32;

    // What other readers of YAML take for something else than text.
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase) { "null", "true", "false", "yes", "no", "on", "off", "y", "n" };

    // C0 but tab and the ends of lines, and DEL.
    private static readonly System.Buffers.SearchValues<char> Unprintable =
        System.Buffers.SearchValues.Create([.. Enumerable.Range(0, 32).Append(127).Select(code => (char)code).Except(['\t', '\n', '\r'])]);

    /// <summary>Reads YAML into JSON.</summary>
    /// <param name="yaml">UTF-8.</param>
    /// <param name="json">The JSON.</param>
    /// <param name="problem">What is wrong and where, for who wrote it.</param>
    /// <returns>False where it is no YAML that JSON can say.</returns>
    public static bool TryToJson(ReadOnlyMemory<byte> yaml, out byte[] json, out string? problem)
    {
        (json, problem) = ([], null);
        try
        {
            var source = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(yaml.Span);
            if (source.AsSpan().ContainsAny(Unprintable))
            {
                // YAML has none, and the scanner takes U+0000 for the end: what is behind it would be lost without a word.
                problem = "It has control characters.";
                return false;
            }

            using var text = new StringReader(source);
            var parser = new Parser(text);
            var buffer = new System.Buffers.ArrayBufferWriter<byte>();
            using (var writer = new Utf8JsonWriter(buffer))
            {
                parser.Consume<StreamStart>();
                if (!parser.Accept<DocumentStart>(out _))
                {
                    problem = "The document is empty.";
                    return false;
                }

                parser.Consume<DocumentStart>();
                Value(parser, writer, 0);
                parser.Consume<DocumentEnd>();
                if (!parser.Accept<StreamEnd>(out _))
                {
                    problem = "Send one document, not several.";
                    return false;
                }
            }

            json = buffer.WrittenSpan.ToArray();
            return true;
        }
        catch (YamlException error)
        {
            problem = string.Create(CultureInfo.InvariantCulture, $"Line {error.Start.Line}, column {error.Start.Column}: {error.Message}");
        }
        catch (Exception lost) when (lost is InvalidOperationException or ArgumentException or OverflowException or FormatException or IndexOutOfRangeException)
        {
            // What the scanner throws where it loses its way, such as at "..." with text behind it; and the writer at half a character.
            problem = "It cannot be followed. Write it plainer, with text in quotes.";
        }

        return false;
    }

    /// <summary>Writes JSON as YAML: the same input gives the same text.</summary>
    public static string FromJson(JsonElement json)
    {
        var text = new StringBuilder();
        if (json.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            Block(text, json, 0);
        }
        else
        {
            text.Append(Scalar(json)).Append('\n');
        }

        return text.ToString();
    }

    private static void Value(Parser parser, Utf8JsonWriter writer, int depth)
    {
        var at = parser.Current!;
        if (depth > MostDepth)
        {
            throw Refused(at, $"It is nested deeper than {MostDepth} levels.");
        }

        switch (at)
        {
            case NodeEvent { Anchor.IsEmpty: false } or AnchorAlias:
                throw Refused(at, "Anchors and aliases are not supported: write the value out.");
            case NodeEvent { Tag.IsEmpty: false, Tag.IsNonSpecific: false }:
                throw Refused(at, "Tags are not supported: put text into quotes.");
            case YamlDotNet.Core.Events.Scalar scalar:
                parser.MoveNext();
                Scalar(scalar, writer);
                break;
            case SequenceStart:
                parser.MoveNext();
                writer.WriteStartArray();
                while (!parser.Accept<SequenceEnd>(out _))
                {
                    Value(parser, writer, depth + 1);
                }

                parser.MoveNext();
                writer.WriteEndArray();
                break;
            case MappingStart:
                parser.MoveNext();
                Mapping(parser, writer, depth);
                break;
            default:
                throw Refused(at, "A value is missing here.");
        }
    }

    private static void Mapping(Parser parser, Utf8JsonWriter writer, int depth)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        writer.WriteStartObject();
        while (!parser.Accept<MappingEnd>(out _))
        {
            if (parser.Current is not YamlDotNet.Core.Events.Scalar name)
            {
                throw Refused(parser.Current!, "A name must be text.");
            }

            if (!names.Add(name.Value))
            {
                throw Refused(name, $"\"{name.Value}\" is written twice.");
            }

            parser.MoveNext();
            writer.WritePropertyName(name.Value);
            Value(parser, writer, depth + 1);
        }

        parser.MoveNext();
        writer.WriteEndObject();
    }

    private static void Scalar(YamlDotNet.Core.Events.Scalar scalar, Utf8JsonWriter writer)
    {
        var text = scalar.Value;
        if (scalar.Style != ScalarStyle.Plain)
        {
            writer.WriteStringValue(text);
        }
        else if (text is "" or "~" or "null" or "Null" or "NULL")
        {
            writer.WriteNullValue();
        }
        else if (text is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
        {
            writer.WriteBooleanValue(text[0] is 't' or 'T');
        }
        else if (Number().IsMatch(text))
        {
            writer.WriteRawValue(text);
        }
        else
        {
            writer.WriteStringValue(text);
        }
    }

    private static void Block(StringBuilder text, JsonElement json, int indent)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in json.EnumerateObject())
            {
                text.Append(' ', indent).Append(member.Name).Append(':');
                Under(text, member.Value, indent);
            }
        }
        else
        {
            foreach (var item in json.EnumerateArray())
            {
                text.Append(' ', indent).Append('-');
                Item(text, item, indent);
            }
        }
    }

    private static void Under(StringBuilder text, JsonElement value, int indent)
    {
        if (IsBlock(value))
        {
            text.Append('\n');
            Block(text, value, indent + 2);
        }
        else
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
        }
    }

    // A list's object starts beside its dash, as people write it.
    private static void Item(StringBuilder text, JsonElement item, int indent)
    {
        if (IsBlock(item) && item.ValueKind == JsonValueKind.Object)
        {
            var start = text.Length;
            Block(text, item, indent + 2);
            text.Remove(start, indent + 1);
        }
        else
        {
            Under(text, item, indent);
        }
    }

    private static bool IsBlock(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(),
        JsonValueKind.Array => value.EnumerateArray().Any(item => item.ValueKind is JsonValueKind.Object or JsonValueKind.Array),
        _ => false,
    };

    private static string Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Text(value.GetString()!),
        JsonValueKind.Object => "{}",
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Scalar))}]",
        _ => value.GetRawText(),
    };

    // JSON's own quotes are YAML's double quotes.
    private static string Text(string text) => Plain().IsMatch(text) && !Words.Contains(text) ? text : JsonSerializer.Serialize(text, Documents.DocumentJson.Options);

    private static YamlException Refused(ParsingEvent at, string message) => new(at.Start, at.End, message);

    [GeneratedRegex("^-?(0|[1-9][0-9]{0,40})([.][0-9]{1,40})?([eE][+-]?[0-9]{1,3})?$")]
    private static partial Regex Number();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_./@-]*( [A-Za-z0-9_./@-]+)*$")]
    private static partial Regex Plain();
}
