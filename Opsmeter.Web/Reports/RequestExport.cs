using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Reports;

/// <summary>
/// Writes the counted requests of a filter, newest first, page by page: memory stays flat, and no snapshot is held that
/// would keep the store from tidying up. Rows that arrive meanwhile are left out.
/// </summary>
public sealed class RequestExport(RequestList requests)
{
    private static readonly JsonSerializerOptions Line = new(DocumentJson.Options) { WriteIndented = false };

    /// <summary>Writes all of them.</summary>
    public async Task WriteAsync(Stream to, int workspaceId, RequestFilter filter, bool isCsv, CancellationToken cancellation)
    {
        var upTo = filter with { OnlyCounted = true, UpToSeq = await requests.LatestSeqAsync(workspaceId, cancellation) };
        var text = new StringBuilder();
        if (isCsv)
        {
            Csv.AppendLine(text, [.. Columns.Select(column => column.Name)]);
        }

        RequestCursor? after = null;
        do
        {
            var page = await requests.ReadAsync(workspaceId, upTo, after, RequestList.MostItems, cancellation);
            foreach (var item in page.Items)
            {
                if (isCsv)
                {
                    Csv.AppendLine(text, [.. Columns.Select(column => column.Of(item))]);
                }
                else
                {
                    var line = RequestAnswer.Of(item);
                    line["metadata"] = item.Metadata is { } metadata ? JsonNode.Parse(metadata) : null;
                    text.Append(line.ToJsonString(Line)).Append('\n');
                }
            }

            await to.WriteAsync(Encoding.UTF8.GetBytes(text.ToString()), cancellation);
            text.Clear();
            after = page.Next;
        }
        while (after is not null);
    }

    private static readonly (string Name, Func<RequestItem, object?> Of)[] Columns =
    [
        ("externalRequestId", item => item.ExternalRequestId),
        ("revision", item => item.Revision),
        ("occurredAt", item => item.OccurredAt),
        ("receivedAt", item => item.ReceivedAt),
        ("provider", item => item.Provider),
        ("model", item => item.Model),
        ("endpointTag", item => item.EndpointTag),
        ("promptVersion", item => item.PromptVersion),
        ("userId", item => item.UserId),
        ("tenantId", item => item.TenantId),
        ("apiKey", item => item.ApiKey),
        ("environment", item => Word(item.Environment)),
        ("dataMode", item => Word(item.DataMode)),
        ("serviceTier", item => Word(item.ServiceTier)),
        ("status", item => item.IsError ? "error" : "success"),
        ("errorCode", item => item.ErrorCode),
        ("inputTokens", item => item.Usage.Input),
        ("outputTokens", item => item.Usage.Output),
        ("cachedInputTokens", item => item.Usage.Cached),
        ("cacheWriteTokens", item => item.Usage.CacheWrite),
        ("cacheWrite1hTokens", item => item.Usage.CacheWrite1h),
        ("reasoningTokens", item => item.Usage.Reasoning),
        ("audioInputTokens", item => item.Usage.AudioInput),
        ("audioOutputTokens", item => item.Usage.AudioOutput),
        ("latencyMs", item => item.LatencyMs),
        ("costUsd", item => item.Cost?.Dollars),
        ("reportedCostUsd", item => item.Reported?.Dollars),
        ("metadata", item => item.Metadata),
    ];

    private static string Word(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}

/// <summary>The export as an answer: a file to save.</summary>
internal sealed class ExportResult(RequestExport export, int workspaceId, RequestFilter filter, bool isCsv, string name = "requests") : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson";
        httpContext.Response.Headers.ContentDisposition = $"attachment; filename={name}.{(isCsv ? "csv" : "ndjson")}";
        return export.WriteAsync(httpContext.Response.Body, workspaceId, filter, isCsv, httpContext.RequestAborted);
    }
}
