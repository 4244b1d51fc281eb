using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Reports;

/// <summary>A spend report as the API writes it: the dimension's own name is the member of its value.</summary>
internal static class SpendAnswer
{
    public static JsonObject Of(SpendQuery query, SpendReport report, SpendReport? previous)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(query.TimeZone);
        var name = query.GroupBy is { } dimension ? NameOf(dimension) : null;
        return new JsonObject
        {
            ["from"] = TimeZoneInfo.ConvertTime(report.Range.Start, zone),
            ["to"] = TimeZoneInfo.ConvertTime(report.Range.End, zone),
            ["timeZone"] = query.TimeZone,
            ["rows"] = new JsonArray([.. report.Rows.Select(row => (JsonNode)RowOf(row, name))]),
            ["totals"] = Sums(report.Totals),
            ["previous"] = previous is null ? null : Sums(previous.Totals),
            ["notices"] = new JsonArray(),
        };
    }

    /// <summary>The rows as CSV with the same names; no line of totals, which would be counted twice.</summary>
    public static string CsvOf(SpendQuery query, SpendReport report)
    {
        var text = new StringBuilder();
        string[] dimensions = query.GroupBy is { } dimension ? [NameOf(dimension)] : [];
        Csv.AppendLine(text, [.. dimensions, "bucket", .. Sums(report.Totals).Select(member => member.Key)]);
        foreach (var row in report.Rows)
        {
            object?[] sums =
            [
                row.Sums.Cost?.Dollars, row.Sums.Requests, row.Sums.Errors, row.Sums.Unpriced, row.Sums.InputTokens, row.Sums.OutputTokens,
                row.Sums.CachedInputTokens, row.Sums.CacheWriteTokens, row.Sums.ReasoningTokens, row.Sums.AudioTokens,
                row.Latency?.P50Ms, row.Latency?.P95Ms,
            ];
            Csv.AppendLine(text, [.. dimensions.Select(_ => row.Value), row.Bucket, .. sums]);
        }

        return text.ToString();
    }

    private static JsonObject RowOf(SpendRow row, string? name)
    {
        var sums = Sums(row);
        sums.Insert(0, "bucket", row.Bucket);
        if (name is not null)
        {
            sums.Insert(0, name, row.Value);
        }

        return sums;
    }

    private static JsonObject Sums(SpendRow row) => new()
    {
        ["costUsd"] = row.Sums.Cost?.Dollars,
        ["requests"] = row.Sums.Requests,
        ["errors"] = row.Sums.Errors,
        ["unpriced"] = row.Sums.Unpriced,
        ["inputTokens"] = row.Sums.InputTokens,
        ["outputTokens"] = row.Sums.OutputTokens,
        ["cachedInputTokens"] = row.Sums.CachedInputTokens,
        ["cacheWriteTokens"] = row.Sums.CacheWriteTokens,
        ["reasoningTokens"] = row.Sums.ReasoningTokens,
        ["audioTokens"] = row.Sums.AudioTokens,
        ["p50LatencyMs"] = row.Latency?.P50Ms,
        ["p95LatencyMs"] = row.Latency?.P95Ms,
    };

    private static string NameOf(Dimension dimension) => JsonNamingPolicy.CamelCase.ConvertName(dimension.ToString());
}
