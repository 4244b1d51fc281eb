using System.Text;
using System.Text.Json.Nodes;
using Opsmeter.Web.Ingest;

namespace Opsmeter.Tests.Web.Ingest;

/// <summary>A valid row as JSON text, to be changed one member at a time.</summary>
internal static class RowJson
{
    public static readonly DateTimeOffset Now = new(2026, 2, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly TimeSpan Retention = TimeSpan.FromDays(90);

    private const string Minimal =
        """
        {"externalRequestId":"r-1","provider":"openai","model":"gpt-5-mini","endpointTag":"chat.reply","promptVersion":"v1",
         "inputTokens":240,"outputTokens":60,"latencyMs":812,"status":"success"}
        """;

    /// <summary>The row with one member set to the given JSON text, which need not be valid.</summary>
    public static string With(string name, string value)
    {
        var row = JsonNode.Parse(Minimal)!.AsObject();
        row.Remove(name);
        return row.ToJsonString()[..^1] + $",\"{name}\":{value}}}";
    }

    public static string With(params (string Name, string Value)[] members)
    {
        var row = JsonNode.Parse(Minimal)!.AsObject();
        foreach (var (name, _) in members)
        {
            row.Remove(name);
        }

        return row.ToJsonString()[..^1] + string.Concat(members.Select(member => $",\"{member.Name}\":{member.Value}")) + "}";
    }

    public static string Without(string name)
    {
        var row = JsonNode.Parse(Minimal)!.AsObject();
        row.Remove(name);
        return row.ToJsonString();
    }

    public static string Row(string id = "r-1") => With("externalRequestId", $"\"{id}\"");

    public static RowReading Read(string json) => Read(Encoding.UTF8.GetBytes(json));

    public static RowReading Read(byte[] json) => RequestReader.Read(json, Now, Retention);
}
