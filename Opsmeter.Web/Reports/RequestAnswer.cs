using System.Text.Json;
using System.Text.Json.Nodes;

namespace Opsmeter.Web.Reports;

/// <summary>A request as the API writes it.</summary>
internal static class RequestAnswer
{
    /// <summary>The members of a list.</summary>
    public static JsonObject Of(RequestItem item) => new()
    {
        ["externalRequestId"] = item.ExternalRequestId,
        ["revision"] = item.Revision,
        ["standing"] = Word(item.Standing),
        ["occurredAt"] = item.OccurredAt,
        ["receivedAt"] = item.ReceivedAt,
        ["provider"] = item.Provider,
        ["model"] = item.Model,
        ["endpointTag"] = item.EndpointTag,
        ["promptVersion"] = item.PromptVersion,
        ["userId"] = item.UserId,
        ["tenantId"] = item.TenantId,
        ["apiKey"] = item.ApiKey,
        ["environment"] = Word(item.Environment),
        ["dataMode"] = Word(item.DataMode),
        ["serviceTier"] = Word(item.ServiceTier),
        ["status"] = item.IsError ? "error" : "success",
        ["errorCode"] = item.ErrorCode,
        ["inputTokens"] = item.Usage.Input,
        ["outputTokens"] = item.Usage.Output,
        ["cachedInputTokens"] = item.Usage.Cached,
        ["cacheWriteTokens"] = item.Usage.CacheWrite,
        ["cacheWrite1hTokens"] = item.Usage.CacheWrite1h,
        ["reasoningTokens"] = item.Usage.Reasoning,
        ["audioInputTokens"] = item.Usage.AudioInput,
        ["audioOutputTokens"] = item.Usage.AudioOutput,
        ["latencyMs"] = item.LatencyMs,
        ["costUsd"] = item.Cost?.Dollars,
        ["priced"] = item.Cost is not null,
        ["reportedCostUsd"] = item.Reported?.Dollars,
    };

    /// <summary>One request: its latest revision with metadata and price, and the revisions before it.</summary>
    public static JsonObject Of(IReadOnlyList<RequestItem> revisions)
    {
        var answer = Of(revisions[0]);
        answer["metadata"] = revisions[0].Metadata is { } metadata ? JsonNode.Parse(metadata) : null;
        answer["price"] = PriceOf(revisions[0]);
        answer["revisions"] = new JsonArray([.. revisions.Skip(1).Select(item => (JsonNode)Of(item))]);
        return answer;
    }

    private static JsonObject? PriceOf(RequestItem item) => item.Rates is not { } rates ? null : new JsonObject
    {
        ["source"] = rates.Source,
        ["version"] = rates.Version,
        ["provider"] = rates.Provider,
        ["model"] = rates.Model,
        ["multiplier"] = rates.Multiplier,
        ["classes"] = new JsonArray([.. PriceLine.Of(item).Select(line => (JsonNode)new JsonObject
        {
            ["class"] = line.Class, ["tokens"] = line.Tokens, ["usdPerMillion"] = line.UsdPerMillion, ["costUsd"] = line.Cost,
        })]),
    };

    private static string Word(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
