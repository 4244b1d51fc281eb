namespace Opsmeter.Web.Ingest;

/// <summary>The members of a row that have a meaning; the JSON name is the camelCase of the member's. Any other is ignored.</summary>
internal enum RequestField
{
    ExternalRequestId,
    Provider,
    Model,
    EndpointTag,
    PromptVersion,
    UserId,
    TenantId,
    InputTokens,
    OutputTokens,
    CachedInputTokens,
    CacheWriteTokens,
    CacheWrite1hTokens,
    ReasoningTokens,
    AudioInputTokens,
    AudioOutputTokens,
    TotalTokens,
    ServiceTier,
    CostUsd,
    LatencyMs,
    Status,
    ErrorCode,
    DataMode,
    Environment,
    OccurredAt,
    Metadata,
    Supersede,
    ProviderResponseId,
}
