using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;

namespace Opsmeter.Web.Hosting;

/// <summary>Parses a JSON body strictly.</summary>
public static class JsonBody
{
    private const int DeepestLevel = 64;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DeepestLevel };

    /// <summary>Parses a whole body.</summary>
    /// <returns>False when it is not JSON; then <paramref name="problem"/> says so.</returns>
    public static bool TryParse(
        ReadOnlyMemory<byte> body, [NotNullWhen(true)] out JsonDocument? document, [NotNullWhen(false)] out IResult? problem)
    {
        // The parser looks at bytes of text only when somebody asks for the text.
        if (!Utf8.IsValid(body.Span))
        {
            document = null;
            problem = Problems.Malformed("The body is not valid UTF-8.");
            return false;
        }

        try
        {
            document = JsonDocument.Parse(body, Options);
            problem = null;
            return true;
        }
        catch (JsonException error)
        {
            document = null;
            problem = Problems.Malformed(
                $"The body is not valid JSON (line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}), or is nested too deep.");
            return false;
        }
    }
}
