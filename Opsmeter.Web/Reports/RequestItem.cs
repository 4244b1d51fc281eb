using Opsmeter.Core;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>A stored request, as people read it.</summary>
public sealed record RequestItem
{
    /// <summary>Its place in the ledger: later rows have higher ones.</summary>
    public required long Seq { get; init; }
    public required string ExternalRequestId { get; init; }

    /// <summary>1, or higher where the id came again with other content.</summary>
    public required int Revision { get; init; }
    public required RequestStanding Standing { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The provider that it was priced as.</summary>
    public required string Provider { get; init; }
    public required string Model { get; init; }
    public required string EndpointTag { get; init; }
    public required string PromptVersion { get; init; }
    public string? UserId { get; init; }
    public string? TenantId { get; init; }
    public string? ApiKey { get; init; }
    public required DeploymentEnvironment Environment { get; init; }
    public required DataMode DataMode { get; init; }
    public required ServiceTier ServiceTier { get; init; }
    public required TokenUsage Usage { get; init; }

    /// <summary>Null where no price was found.</summary>
    public Usd? Cost { get; init; }

    /// <summary>What the sender says it was charged, or null.</summary>
    public Usd? Reported { get; init; }
    public required int LatencyMs { get; init; }
    public required bool IsError { get; init; }
    public string? ErrorCode { get; init; }

    /// <summary>The sender's metadata as JSON, or null.</summary>
    public string? Metadata { get; init; }

    /// <summary>The rates it was priced with, read for one request only; null in lists and where it is unpriced.</summary>
    public AppliedRates? Rates { get; init; }

    /// <summary>The id as shown: with its revision where that is not the first.</summary>
    public string DisplayId => Revision == 1 ? ExternalRequestId : $"{ExternalRequestId}~{Revision}";
}

/// <summary>Whether a stored request counts.</summary>
public enum RequestStanding
{
    /// <summary>It counts.</summary>
    Counted,

    /// <summary>A later row of the same id replaced it.</summary>
    Replaced,

    /// <summary>A person took it back.</summary>
    Voided,
}
