using System.Globalization;

namespace Opsmeter.Tests.Support;

/// <summary>Rows as a sender writes them: JSON text.</summary>
internal static class RowText
{
    /// <summary>A row; whatever is not given has a plain value.</summary>
    public static string Of(
        string id, string? at = null, string endpoint = "chat.reply", string model = "gpt-5-mini", long input = 1000, long output = 500,
        string environment = "prod", string dataMode = "real", string? user = null, string? tenant = null, string status = "success",
        int latencyMs = 100, string version = "v1", string provider = "openai", string more = "")
    {
        return string.Create(CultureInfo.InvariantCulture, $$"""
            {"externalRequestId":"{{id}}","provider":"{{provider}}","model":"{{model}}","endpointTag":"{{endpoint}}","promptVersion":"{{version}}",
             "inputTokens":{{input}},"outputTokens":{{output}},"latencyMs":{{latencyMs}},"status":"{{status}}","environment":"{{environment}}",
             "dataMode":"{{dataMode}}"{{Member("occurredAt", at)}}{{Member("userId", user)}}{{Member("tenantId", tenant)}}{{more}}}
            """);

        static string Member(string name, string? value) => value is null ? "" : $",\"{name}\":\"{value}\"";
    }
}
