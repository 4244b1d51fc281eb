using Microsoft.Data.Sqlite;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Storage;

/// <summary>The statements of the ledger's hot path, in SQL that PostgreSQL takes too.</summary>
internal sealed class LedgerStatements : IDisposable
{
    private const string RowColumns = """
        r.seq, r.revision, r.disposition, r.provider_sent_id, r.provider_id, r.model_id, r.endpoint_id, r.version_id, r.user_id,
        r.tenant_id, r.key_id, r.environment, r.data_mode, r.service_tier, r.input_tokens, r.output_tokens, r.cached_tokens,
        r.cache_write_tokens, r.cache_write1h_tokens, r.reasoning_tokens, r.audio_input_tokens, r.audio_output_tokens, r.cost_nano,
        r.reported_nano, r.price_version_id, r.is_error, r.occurred_ticks, r.latency_ms
        """;

    private const string UnkeyedText = "\u0001";

    private readonly List<Statement> _all = [];
    private readonly List<WriteStatement> _writes = [];
    private readonly WriteStatement _insert;
    private readonly Statement _revisions;
    private readonly Statement _rowsAfter;
    private readonly Statement _correctedAfter;
    private readonly WriteStatement _dispose;
    private readonly WriteStatement _correction;
    private readonly WriteStatement _segment;
    private readonly WriteStatement _segmentColumn;
    private readonly WriteStatement _meter;
    private readonly WriteStatement _hold;
    private readonly WriteStatement _enforcement;
    private readonly WriteStatement _forgetEnforcement;
    private readonly WriteStatement _endHold;
    private readonly Statement _findMeter;
    private readonly Statement _transition;
    private readonly Statement _findId;
    private readonly Statement _insertId;
    private readonly Statement _text;
    private readonly Statement _findPrice;
    private readonly Statement _insertPrice;

    public LedgerStatements(SqliteConnection connection)
    {
        _insert = Write("""
            INSERT INTO requests (seq, workspace_id, external_id, revision, disposition, occurred_ticks, received_ticks,
              provider_sent_id, provider_id, model_id, endpoint_id, version_id, user_id, tenant_id, key_id, environment,
              data_mode, service_tier, input_tokens, output_tokens, cached_tokens, cache_write_tokens, cache_write1h_tokens,
              reasoning_tokens, audio_input_tokens, audio_output_tokens, cost_nano, reported_nano, price_version_id,
              latency_ms, is_error, error_code_id, warnings, provider_response_id, metadata, chain)
            VALUES ($0,$1,$2,$3,0,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,
              $28,$29,$30,$31,$32,$33,$34)
            ON CONFLICT (workspace_id, external_id, revision) DO NOTHING
            """);
        _revisions = Add($"SELECT {RowColumns} FROM requests r WHERE workspace_id = $0 AND external_id = $1 ORDER BY revision", 2);
        _rowsAfter = Add($"SELECT {RowColumns} FROM requests r WHERE seq > $1 AND workspace_id = $0 ORDER BY seq LIMIT $2", 3);
        _correctedAfter = Add(
            $"SELECT {RowColumns}, c.id FROM corrections c JOIN requests r ON r.seq = c.request_seq WHERE c.id > $1 AND c.workspace_id = $0 ORDER BY c.id",
            2);
        _dispose = Write("UPDATE requests SET disposition = $0 WHERE seq = $1");
        _correction = Write("""
            INSERT INTO corrections (id, workspace_id, request_seq, kind, at_ticks, actor, reason, chain)
            VALUES ($0,$1,$2,$3,$4,$5,$6,$7)
            """);
        _segment = Write("""
            INSERT INTO segments (id, workspace_id, rows, cells, first_ticks, last_ticks, last_seq, last_correction_id, cost_nano, hash)
            VALUES ($0,$1,$2,$3,$4,$5,$6,$7,$8,$9)
            """);
        _segmentColumn = Write("INSERT INTO segment_columns (place, data) VALUES ($0,$1)");
        _meter = Write("""
            INSERT INTO meters (workspace_id, budget_id, key, window_start_ticks, window_end_ticks, priced_nano, estimated_nano,
              estimated_apart_nano, requests, tokens, unpriced, state, confirmed, passed_ticks, over_plan_ticks, latest_ticks,
              released_ticks, released_nano, released_requests, released_tokens)
            VALUES ($0,$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19)
            ON CONFLICT (workspace_id, budget_id, key, window_start_ticks) DO UPDATE SET
              priced_nano = excluded.priced_nano, estimated_nano = excluded.estimated_nano,
              estimated_apart_nano = excluded.estimated_apart_nano, requests = excluded.requests, tokens = excluded.tokens,
              unpriced = excluded.unpriced, state = excluded.state, confirmed = excluded.confirmed,
              passed_ticks = excluded.passed_ticks, over_plan_ticks = excluded.over_plan_ticks,
              latest_ticks = excluded.latest_ticks, released_ticks = excluded.released_ticks,
              released_nano = excluded.released_nano, released_requests = excluded.released_requests,
              released_tokens = excluded.released_tokens
            """);
        _hold = Write("""
            INSERT INTO holds (workspace_id, external_id, budget_id, key, window_start_ticks, window_end_ticks, held_nano, basis,
              created_ticks, expires_ticks, is_unsettled)
            VALUES ($0,$1,$2,$3,$4,$5,$6,$7,$8,$9,0)
            """);
        _enforcement = Write("""
            INSERT INTO enforcement (workspace_id, budget_id, key, endpoint_tag, window_start_ticks, spent_nano, asked_nano,
              while_blocked_nano, blocked, block_ignored, degraded, degrade_ignored)
            VALUES ($0,$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)
            ON CONFLICT (workspace_id, budget_id, key, endpoint_tag) DO UPDATE SET
              window_start_ticks = excluded.window_start_ticks, spent_nano = excluded.spent_nano, asked_nano = excluded.asked_nano,
              while_blocked_nano = excluded.while_blocked_nano, blocked = excluded.blocked, block_ignored = excluded.block_ignored,
              degraded = excluded.degraded, degrade_ignored = excluded.degrade_ignored
            """);
        _forgetEnforcement = Write("DELETE FROM enforcement WHERE workspace_id = $0 AND budget_id = $1 AND key = $2 AND endpoint_tag = $3");
        _endHold = Write("DELETE FROM holds WHERE workspace_id = $0 AND external_id = $1");
        _findMeter = Add("""
            SELECT key, window_start_ticks, window_end_ticks, priced_nano, estimated_nano, estimated_apart_nano, requests,
              tokens, unpriced, state, confirmed, passed_ticks, over_plan_ticks, latest_ticks, budget_id,
              released_ticks, released_nano, released_requests, released_tokens
            FROM meters WHERE workspace_id = $0 AND budget_id = $1 AND key = $2 AND window_start_ticks = $3
            """, 4);
        _transition = Add("""
            INSERT INTO transitions (workspace_id, budget_id, budget_name, key, window_start_ticks, window_end_ticks, at_ticks,
              recorded_ticks, from_state, from_confirmed, to_state, to_confirmed, measure, used, limit_value, burn_long,
              burn_short, cause)
            VALUES ($0,$1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17) RETURNING id
            """, 18);
        _findId = Add("SELECT id FROM dimensions WHERE workspace_id = $0 AND kind = $1 AND text = $2", 3);
        _insertId = Add("INSERT INTO dimensions (workspace_id, kind, text) VALUES ($0,$1,$2) RETURNING id", 3);
        _text = Add("SELECT text FROM dimensions WHERE id = $0", 1);
        _findPrice = Add("SELECT id FROM price_versions WHERE document = $0", 1);
        _insertPrice = Add("INSERT INTO price_versions (document) VALUES ($0) RETURNING id", 1);

        WriteStatement Write(string sql)
        {
            var statement = new WriteStatement(connection, sql);
            _writes.Add(statement);
            return statement;
        }

        Statement Add(string sql, int parameters)
        {
            var statement = new Statement(connection, sql, parameters);
            _all.Add(statement);
            return statement;
        }
    }

    public void Enlist(SqliteTransaction? transaction) => _all.ForEach(statement => statement.Transaction = transaction);

    public void Dispose()
    {
        _all.ForEach(statement => statement.Dispose());
        _writes.ForEach(statement => statement.Dispose());
    }

    public bool Insert(long seq, int workspaceId, int revision, long receivedTicks, LedgerRow row, in StoredRow stored, byte[] chain)
    {
        var usage = stored.Usage;
        return _insert.Set(0, seq).Set(1, workspaceId).Set(2, row.Row.Request.ExternalRequestId).Set(3, revision)
            .Set(4, stored.OccurredAt.UtcTicks).Set(5, receivedTicks).Set(6, stored.ProviderSentId).Set(7, stored.ProviderId)
            .Set(8, stored.ModelId).Set(9, stored.EndpointId).Set(10, stored.VersionId).Set(11, stored.UserId)
            .Set(12, stored.TenantId).Set(13, stored.KeyId).Set(14, (long)stored.Environment).Set(15, (long)stored.DataMode)
            .Set(16, (long)stored.ServiceTier).Set(17, usage.Input).Set(18, usage.Output).Set(19, usage.Cached)
            .Set(20, usage.CacheWrite).Set(21, usage.CacheWrite1h).Set(22, usage.Reasoning).Set(23, usage.AudioInput)
            .Set(24, usage.AudioOutput).Set(25, stored.Cost?.Nano).Set(26, stored.Reported?.Nano)
            .Set(27, stored.PriceVersionId).Set(28, row.Row.Request.LatencyMs).Set(29, stored.IsError ? 1L : 0L)
            .Set(30, stored.ErrorCodeId).Set(31, row.Warnings).Set(32, row.ProviderResponseId).Set(33, row.Metadata)
            .Set(34, chain).Execute() == 1;
    }

    public List<StoredRow> Revisions(int workspaceId, string externalId)
    {
        using var reader = _revisions.Set(0, workspaceId).Set(1, externalId).Read();
        var rows = new List<StoredRow>();
        while (reader.Read())
        {
            rows.Add(RowOf(reader));
        }

        return rows;
    }

    public IEnumerable<StoredRow> RowsAfter(int workspaceId, long seq, int most)
    {
        using var reader = _rowsAfter.Set(0, workspaceId).Set(1, seq).Set(2, most).Read();
        while (reader.Read())
        {
            yield return RowOf(reader);
        }
    }

    /// <summary>The rows that corrections took back, with the correction's number.</summary>
    public IEnumerable<(long CorrectionId, StoredRow Row)> CorrectedAfter(int workspaceId, long correctionId)
    {
        using var reader = _correctedAfter.Set(0, workspaceId).Set(1, correctionId).Read();
        while (reader.Read())
        {
            yield return (reader.GetInt64(28), RowOf(reader));
        }
    }

    public void Correct(long id, int workspaceId, long seq, int disposition, long atTicks, string actor, string? reason, byte[] chain)
    {
        _dispose.Set(0, disposition).Set(1, seq).Execute();
        _correction.Set(0, id).Set(1, workspaceId).Set(2, seq).Set(3, disposition).Set(4, atTicks).Set(5, actor).Set(6, reason)
            .Set(7, chain).Execute();
    }

    public void Add(int workspaceId, SegmentColumns columns, byte[] hash)
    {
        var segment = columns.Segment;
        _segment.Set(0, segment.Id).Set(1, workspaceId).Set(2, segment.Rows).Set(3, segment.Cells).Set(4, segment.FirstTicks)
            .Set(5, segment.LastTicks).Set(6, segment.LastSeq).Set(7, segment.LastCorrectionId).Set(8, segment.CostNano).Set(9, hash).Execute();
        foreach (var (place, data) in columns.Columns)
        {
            _segmentColumn.Set(0, SegmentColumns.PlaceOf(segment.Id, place)).Set(1, data).Execute();
        }
    }

    public void Save(int workspaceId, MeterRecord meter) => _meter
        .Set(0, workspaceId).Set(1, meter.BudgetId).Set(2, KeyText(meter.Key)).Set(3, meter.Window.Start.UtcTicks)
        .Set(4, meter.Window.End.UtcTicks).Set(5, meter.Sums.Priced.Nano).Set(6, meter.Sums.Estimated.Nano)
        .Set(7, meter.Sums.EstimatedApart.Nano).Set(8, meter.Sums.Requests).Set(9, meter.Sums.Tokens)
        .Set(10, meter.Sums.Unpriced).Set(11, (long)meter.Standing.State).Set(12, meter.Standing.Confirmed ? 1L : 0L)
        .Set(13, meter.Standing.PassedAt?.UtcTicks).Set(14, meter.Standing.OverPlanSince?.UtcTicks)
        .Set(15, meter.LatestOccurredAt.UtcTicks).Set(16, meter.Standing.Released?.At.UtcTicks)
        .Set(17, meter.Standing.Released?.Nano ?? 0L).Set(18, meter.Standing.Released?.Requests ?? 0L)
        .Set(19, meter.Standing.Released?.Tokens ?? 0L).Execute();

    public void Save(int workspaceId, Hold hold, DateTimeOffset created)
    {
        foreach (var place in hold.Places)
        {
            _hold.Set(0, workspaceId).Set(1, hold.ExternalId).Set(2, place.BudgetId).Set(3, KeyText(place.Key))
                .Set(4, place.Window.Start.UtcTicks).Set(5, place.Window.End.UtcTicks).Set(6, hold.Amount.Nano)
                .Set(7, (long)hold.Basis).Set(8, created.UtcTicks).Set(9, hold.ExpiresAt.UtcTicks).Execute();
        }
    }

    public void Save(int workspaceId, EnforcementBook.Place place, DateTimeOffset window, Enforcement total) => _enforcement
        .Set(0, workspaceId).Set(1, place.BudgetId).Set(2, KeyText(place.Key)).Set(3, KeyText(place.Endpoint)).Set(4, window.UtcTicks)
        .Set(5, total.Spent.Nano).Set(6, total.Asked.Nano).Set(7, total.WhileBlocked.Nano).Set(8, total.Blocked).Set(9, total.BlockIgnored)
        .Set(10, total.Degraded).Set(11, total.DegradeIgnored).Execute();

    public void Forget(int workspaceId, EnforcementBook.Place place) => _forgetEnforcement
        .Set(0, workspaceId).Set(1, place.BudgetId).Set(2, KeyText(place.Key)).Set(3, KeyText(place.Endpoint)).Execute();

    public void EndHold(int workspaceId, string externalId) => _endHold.Set(0, workspaceId).Set(1, externalId).Execute();

    public MeterRecord? FindMeter(int workspaceId, string budgetId, string? key, DateTimeOffset windowStart)
    {
        using var reader = _findMeter.Set(0, workspaceId).Set(1, budgetId).Set(2, KeyText(key)).Set(3, windowStart.UtcTicks).Read();
        return reader.Read() ? ReadMeter(reader) : null;
    }

    public static MeterRecord ReadMeter(SqliteDataReader reader) => new()
    {
        Key = KeyOf(reader.GetString(0)),
        Window = new TimeWindow(Instant(reader.GetInt64(1)), Instant(reader.GetInt64(2))),
        Sums = new WindowSums(
            new Usd(reader.GetInt64(3)), new Usd(reader.GetInt64(4)), new Usd(reader.GetInt64(5)), reader.GetInt64(6),
            reader.GetInt64(7), reader.GetInt64(8)),
        Standing = new Standing(
            (BudgetState)reader.GetInt32(9), reader.GetBoolean(10),
            Maybe(reader, 11) is { } passed ? Instant(passed) : null,
            Maybe(reader, 12) is { } overPlan ? Instant(overPlan) : null,
            Maybe(reader, 15) is { } released ? new Release(Instant(released), reader.GetInt64(16), reader.GetInt64(17), reader.GetInt64(18)) : null),
        LatestOccurredAt = Instant(reader.GetInt64(13)),
        BudgetId = reader.GetString(14),
    };

    public long Save(int workspaceId, string budgetName, Transition transition, DateTimeOffset recorded) => (long)_transition
        .Set(0, workspaceId).Set(1, transition.BudgetId).Set(2, budgetName).Set(3, KeyText(transition.Key))
        .Set(4, transition.Window.Start.UtcTicks).Set(5, transition.Window.End.UtcTicks).Set(6, transition.At.UtcTicks)
        .Set(7, recorded.UtcTicks).Set(8, (long)transition.From.State).Set(9, transition.From.Confirmed ? 1L : 0L)
        .Set(10, (long)transition.To.State).Set(11, transition.To.Confirmed ? 1L : 0L).Set(12, (long)transition.Measure)
        .Set(13, transition.Sums.Used(transition.Measure)).Set(14, transition.Limits.Of(transition.Measure) ?? 0L)
        .Set(15, (double?)transition.BurnLong).Set(16, (double?)transition.BurnShort).Set(17, (long)transition.Cause).Scalar()!;

    public long IdOf(int workspaceId, int kind, string text) =>
        _findId.Set(0, workspaceId).Set(1, kind).Set(2, text).Scalar() as long?
        ?? (long)_insertId.Set(0, workspaceId).Set(1, kind).Set(2, text).Scalar()!;

    public string TextOf(long id) => (string)_text.Set(0, id).Scalar()!;

    public long PriceVersionOf(string document) =>
        _findPrice.Set(0, document).Scalar() as long? ?? (long)_insertPrice.Set(0, document).Scalar()!;

    /// <summary>
    /// A budget that counts together has the empty key; requests without the dimension have a control character, which no
    /// dimension can hold.
    /// </summary>
    public static string KeyText(string? key) => key switch
    {
        null => "",
        Budget.UnkeyedKey => UnkeyedText,
        _ => key,
    };

    public static string? KeyOf(string text) => text switch
    {
        "" => null,
        UnkeyedText => Budget.UnkeyedKey,
        _ => text,
    };

    private static StoredRow RowOf(SqliteDataReader reader) => new()
    {
        Seq = reader.GetInt64(0),
        Revision = reader.GetInt32(1),
        Disposition = (Disposition)reader.GetInt32(2),
        ProviderSentId = reader.GetInt64(3),
        ProviderId = reader.GetInt64(4),
        ModelId = reader.GetInt64(5),
        EndpointId = reader.GetInt64(6),
        VersionId = reader.GetInt64(7),
        UserId = Maybe(reader, 8),
        TenantId = Maybe(reader, 9),
        KeyId = Maybe(reader, 10),
        Environment = (DeploymentEnvironment)reader.GetInt32(11),
        DataMode = (DataMode)reader.GetInt32(12),
        ServiceTier = (ServiceTier)reader.GetInt32(13),
        Usage = new TokenUsage(
            reader.GetInt64(14), reader.GetInt64(15), reader.GetInt64(16), reader.GetInt64(17), reader.GetInt64(18),
            reader.GetInt64(19), reader.GetInt64(20), reader.GetInt64(21)),
        Cost = Maybe(reader, 22) is { } cost ? new Usd(cost) : null,
        Reported = Maybe(reader, 23) is { } reported ? new Usd(reported) : null,
        PriceVersionId = Maybe(reader, 24),
        IsError = reader.GetBoolean(25),
        OccurredAt = new DateTimeOffset(reader.GetInt64(26), TimeSpan.Zero),
        LatencyMs = reader.GetInt32(27),
    };

    private static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);

    internal static long? Maybe(SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
