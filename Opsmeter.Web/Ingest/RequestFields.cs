using System.Text;
using System.Text.Json;

namespace Opsmeter.Web.Ingest;

/// <summary>The JSON names of <see cref="RequestField"/>.</summary>
internal static class RequestFields
{
    private static readonly string[] Names =
        [.. Enum.GetNames<RequestField>().Select(JsonNamingPolicy.CamelCase.ConvertName)];

    private static readonly byte[][] Utf8Names = [.. Names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>The fields without which a row means nothing.</summary>
    public static ReadOnlySpan<RequestField> Required =>
    [
        RequestField.ExternalRequestId,
        RequestField.Provider,
        RequestField.Model,
        RequestField.EndpointTag,
        RequestField.PromptVersion,
        RequestField.InputTokens,
        RequestField.OutputTokens,
        RequestField.LatencyMs,
        RequestField.Status,
    ];

    /// <summary>The longest name: anything longer is unknown without a look.</summary>
    public static int LongestName { get; } = Names.Max(name => name.Length);

    /// <summary>The name of a field in JSON and in error answers.</summary>
    public static string NameOf(RequestField field) => Names[(int)field];

    /// <summary>Finds a field by its name, whatever its case: serializers that write PascalCase are in use.</summary>
    public static bool TryFind(ReadOnlySpan<byte> name, out RequestField field)
    {
        for (var i = 0; i < Utf8Names.Length; i++)
        {
            if (name.Length == Utf8Names[i].Length && Ascii.EqualsIgnoreCase(name, Utf8Names[i]))
            {
                field = (RequestField)i;
                return true;
            }
        }

        field = default;
        return false;
    }
}
