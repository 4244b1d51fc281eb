using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Storage;

/// <summary>A row as the ledger keeps it: dimensions by id.</summary>
public readonly record struct StoredRow
{
    public long Seq { get; init; }
    public int Revision { get; init; }
    public Disposition Disposition { get; init; }
    public long ProviderSentId { get; init; }
    public long ProviderId { get; init; }
    public long ModelId { get; init; }
    public long EndpointId { get; init; }
    public long VersionId { get; init; }
    public long? UserId { get; init; }
    public long? TenantId { get; init; }
    public long? KeyId { get; init; }
    public long? ErrorCodeId { get; init; }
    public long? PriceVersionId { get; init; }
    public DeploymentEnvironment Environment { get; init; }
    public DataMode DataMode { get; init; }
    public ServiceTier ServiceTier { get; init; }
    public TokenUsage Usage { get; init; }
    public Usd? Cost { get; init; }
    public Usd? Reported { get; init; }
    public DateTimeOffset OccurredAt { get; init; }
    public bool IsError { get; init; }
    public int LatencyMs { get; init; }

    /// <summary>
    /// True when a sender that repeats itself would send this again: who, what and how much, and the reported cost where
    /// nothing else priced it.
    /// </summary>
    public bool HasSameBillingContent(in StoredRow other) =>
        ProviderSentId == other.ProviderSentId && ModelId == other.ModelId && ServiceTier == other.ServiceTier
        && Usage == other.Usage && EndpointId == other.EndpointId && UserId == other.UserId && TenantId == other.TenantId
        && DataMode == other.DataMode && Environment == other.Environment
        && (PriceVersionId is not null || other.PriceVersionId is not null || Reported == other.Reported);
}
