namespace Opsmeter.Core.Telemetry;

/// <summary>
/// One call to a language model as its sender reported it, after validation. Text is kept as sent; optional text is null
/// when absent, never empty. Holds no prompt and no answer.
/// </summary>
public sealed record LlmRequest
{
    /// <summary>The sender's id, 1–128 characters: the idempotency key within the workspace.</summary>
    public required string ExternalRequestId { get; init; }

    /// <summary>The provider, as sent.</summary>
    public required string Provider { get; init; }

    /// <summary>The model, as sent.</summary>
    public required string Model { get; init; }

    /// <summary>The feature that made the call.</summary>
    public required string EndpointTag { get; init; }

    /// <summary>The version of the prompt.</summary>
    public required string PromptVersion { get; init; }

    /// <summary>The end user, or null.</summary>
    public string? UserId { get; init; }

    /// <summary>The customer as sent (from <c>tenantId</c> or <c>metadata.tenantId</c>), or null.</summary>
    public string? TenantId { get; init; }

    /// <summary>The visible part of the key that reported it, or null.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Tokens by class; totals inclusive.</summary>
    public required TokenUsage Usage { get; init; }

    /// <summary>The provider's service tier.</summary>
    public ServiceTier ServiceTier { get; init; }

    /// <summary>What the sender says it was charged, or null.</summary>
    public Usd? ReportedCost { get; init; }

    /// <summary>How long the call took, 0–86,400,000 ms.</summary>
    public int LatencyMs { get; init; }

    /// <summary>True when the call failed.</summary>
    public bool IsError { get; init; }

    /// <summary>The sender's error code, or null.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>Whether this is real traffic.</summary>
    public DataMode DataMode { get; init; }

    /// <summary>Where the calling app runs.</summary>
    public DeploymentEnvironment Environment { get; init; }

    /// <summary>When the call happened, UTC; alone decides the window it counts in.</summary>
    public required DateTimeOffset OccurredAt { get; init; }
}
