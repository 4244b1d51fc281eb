using Microsoft.Data.Sqlite;
using Opsmeter.Core;

namespace Opsmeter.Web.Storage;

/// <summary>Everything of a row of the ledger that its hash binds; ids, ticks and nano-USD as they are stored.</summary>
internal readonly record struct ChainedRow
{
    /// <summary>The columns, in the order in which they are read.</summary>
    public const string Columns = """
        seq, workspace_id, external_id, revision, occurred_ticks, received_ticks, provider_sent_id, provider_id, model_id, endpoint_id, version_id,
        user_id, tenant_id, key_id, environment, data_mode, service_tier, input_tokens, output_tokens, cached_tokens, cache_write_tokens,
        cache_write1h_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, cost_nano, reported_nano, price_version_id, latency_ms,
        is_error, error_code_id, warnings, provider_response_id, metadata
        """;

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

    /// <summary>A row as it is about to be written.</summary>
    public static ChainedRow Of(long seq, int workspaceId, LedgerRow row, in StoredRow stored, int revision, long receivedTicks) => new()
    {
        Seq = seq,
        WorkspaceId = workspaceId,
        ExternalId = row.Row.Request.ExternalRequestId,
        Revision = revision,
        OccurredTicks = stored.OccurredAt.UtcTicks,
        ReceivedTicks = receivedTicks,
        ProviderSentId = stored.ProviderSentId,
        ProviderId = stored.ProviderId,
        ModelId = stored.ModelId,
        EndpointId = stored.EndpointId,
        VersionId = stored.VersionId,
        UserId = stored.UserId,
        TenantId = stored.TenantId,
        KeyId = stored.KeyId,
        Environment = (int)stored.Environment,
        DataMode = (int)stored.DataMode,
        ServiceTier = (int)stored.ServiceTier,
        Usage = stored.Usage,
        CostNano = stored.Cost?.Nano,
        ReportedNano = stored.Reported?.Nano,
        PriceVersionId = stored.PriceVersionId,
        LatencyMs = stored.LatencyMs,
        IsError = stored.IsError ? 1 : 0,
        ErrorCodeId = stored.ErrorCodeId,
        Warnings = row.Warnings,
        ProviderResponseId = row.ProviderResponseId,
        Metadata = row.Metadata,
    };

    /// <summary>A row as it stands in the ledger, from a query of <see cref="Columns"/>.</summary>
    public static ChainedRow Read(SqliteDataReader reader) => new()
    {
        Seq = reader.GetInt64(0),
        WorkspaceId = reader.GetInt32(1),
        ExternalId = reader.GetString(2),
        Revision = reader.GetInt32(3),
        OccurredTicks = reader.GetInt64(4),
        ReceivedTicks = reader.GetInt64(5),
        ProviderSentId = reader.GetInt64(6),
        ProviderId = reader.GetInt64(7),
        ModelId = reader.GetInt64(8),
        EndpointId = reader.GetInt64(9),
        VersionId = reader.GetInt64(10),
        UserId = LedgerStatements.Maybe(reader, 11),
        TenantId = LedgerStatements.Maybe(reader, 12),
        KeyId = LedgerStatements.Maybe(reader, 13),
        Environment = reader.GetInt32(14),
        DataMode = reader.GetInt32(15),
        ServiceTier = reader.GetInt32(16),
        Usage = new TokenUsage(
            reader.GetInt64(17), reader.GetInt64(18), reader.GetInt64(19), reader.GetInt64(20), reader.GetInt64(21), reader.GetInt64(22),
            reader.GetInt64(23), reader.GetInt64(24)),
        CostNano = LedgerStatements.Maybe(reader, 25),
        ReportedNano = LedgerStatements.Maybe(reader, 26),
        PriceVersionId = LedgerStatements.Maybe(reader, 27),
        LatencyMs = reader.GetInt32(28),
        IsError = reader.GetInt32(29),
        ErrorCodeId = LedgerStatements.Maybe(reader, 30),
        Warnings = reader.GetInt32(31),
        ProviderResponseId = TextOf(reader, 32),
        Metadata = TextOf(reader, 33),
    };

    private static string? TextOf(SqliteDataReader reader, int place) => reader.IsDBNull(place) ? null : reader.GetString(place);
}
