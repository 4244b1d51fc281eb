using Opsmeter.Core;

namespace Opsmeter.Web.Storage;

/// <summary>Everything of a row of the ledger that its hash binds; ids, ticks and nano-USD as they are stored.</summary>
internal readonly record struct ChainedRow
{
    public required long Seq { get; init; }

    public required int WorkspaceId { get; init; }

    public required string ExternalId { get; init; }

    public required int Revision { get; init; }

    public required long OccurredTicks { get; init; }

    public required long ReceivedTicks { get; init; }

    public required long ProviderSentId { get; init; }

    public required long ProviderId { get; init; }

    public required long ModelId { get; init; }

    public required long EndpointId { get; init; }

    public required long VersionId { get; init; }

    public long? UserId { get; init; }

    public long? TenantId { get; init; }

    public long? KeyId { get; init; }

    public required int Environment { get; init; }

    public required int DataMode { get; init; }

    public required int ServiceTier { get; init; }

    public required TokenUsage Usage { get; init; }

    public long? CostNano { get; init; }

    public long? ReportedNano { get; init; }

    public long? PriceVersionId { get; init; }

    public required int LatencyMs { get; init; }

    public required int IsError { get; init; }

    public long? ErrorCodeId { get; init; }

    public required int Warnings { get; init; }

    public string? ProviderResponseId { get; init; }

    public string? Metadata { get; init; }
}
