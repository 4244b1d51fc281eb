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
        var names = NamesOf(query);
        return new JsonObject
        {
            ["from"] = TimeZoneInfo.ConvertTime(report.Range.Start, zone),
            ["to"] = TimeZoneInfo.ConvertTime(report.Range.End, zone),
            ["timeZone"] = query.TimeZone,
            ["rows"] = new JsonArray([.. report.Rows.Select(row => (JsonNode)RowOf(row, names))]),
            ["totals"] = Sums(report.Totals),
            ["previous"] = previous is null ? null : Sums(previous.Totals),
            ["notices"] = new JsonArray([.. report.Notices.Select(notice => (JsonNode)notice)]),
        };
    }

    /// <summary>The rows as CSV with the same names; no line of totals, which would be counted twice.</summary>
    public static string CsvOf(SpendQuery query, SpendReport report)
    {
        var text = new StringBuilder();
        var dimensions = NamesOf(query);
        Csv.AppendLine(text, [.. dimensions, "bucket", .. Sums(report.Totals).Select(member => member.Key)]);
        foreach (var row in report.Rows)
        {
            object?[] sums =
            [
                row.Sums.Cost?.Dollars, row.Sums.Requests, row.Sums.Errors, row.Sums.Unpriced, row.Sums.InputTokens, row.Sums.OutputTokens,
                row.Sums.CachedInputTokens, row.Sums.CacheWriteTokens, row.Sums.ReasoningTokens, row.Sums.AudioTokens,
                row.Latency?.P50Ms, row.Latency?.P95Ms,
            ];
            Csv.AppendLine(text, [.. ValuesOf(row, dimensions), row.Bucket, .. sums]);
        }

        return text.ToString();
    }

    private static JsonObject RowOf(SpendRow row, string[] names)
    {
        var sums = Sums(row);
        sums.Insert(0, "bucket", row.Bucket);
        foreach (var (name, value) in names.Zip(ValuesOf(row, names)).Reverse())
        {
            sums.Insert(0, name, value);
        }

        return sums;
    }

    private static string[] NamesOf(SpendQuery query) =>
        [.. new[] { query.GroupBy, query.ThenBy }.OfType<Dimension>().Select(NameOf)];

    private static string?[] ValuesOf(SpendRow row, string[] names) => new[] { row.Value, row.Second }[..names.Length];

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
