using Microsoft.Data.Sqlite;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Storage;

// What is read of the ledger besides the rows that are compared.
public sealed partial class SqliteLedger
{
    /// <summary>When a row arrived; null where it is not there.</summary>
    public DateTimeOffset? ReceivedAt(long seq) => Query("SELECT received_ticks FROM requests WHERE seq = $0", reader => reader.GetInt64(0), seq) is [var ticks]
        ? new DateTimeOffset(ticks, TimeSpan.Zero)
        : null;

    /// <summary>The segments of a workspace, oldest first.</summary>
    public List<Segment> Segments(int workspaceId) => Query(
        """
        SELECT id, rows, cells, first_ticks, last_ticks, last_seq, last_correction_id, cost_nano
        FROM segments WHERE workspace_id = $0 ORDER BY id
        """,
        reader => new Segment(
            reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5),
            reader.GetInt64(6), reader.GetInt64(7)),
        workspaceId);

    /// <summary>What the rows behind a place in the ledger add, in order.</summary>
    public List<Fact> RowsAfter(int workspaceId, long seq, int most) =>
        [.. _statements.RowsAfter(workspaceId, seq, most).Select(row => Fact.Of(row, 0))];

    /// <summary>What the corrections behind one take back, in order.</summary>
    public List<Fact> CorrectionsAfter(int workspaceId, long correctionId) =>
        [.. _statements.CorrectedAfter(workspaceId, correctionId).Select(entry => Fact.Of(entry.Row, entry.CorrectionId))];

    /// <summary>The number that a new segment has.</summary>
    public long NextSegmentId() => (long)Scalar("SELECT COALESCE(MAX(id), 0) + 1 FROM segments")!;

    /// <summary>How far each budget's keys and endpoints were asked and obeyed.</summary>
    public IReadOnlyList<(EnforcementBook.Place Place, DateTimeOffset Window, Enforcement Total)> Enforcement(int workspaceId) => Query(
        """
        SELECT budget_id, "key", endpoint_tag, window_start_ticks, spent_nano, asked_nano, while_blocked_nano, blocked, block_ignored, degraded, degrade_ignored
        FROM enforcement WHERE workspace_id = $0
        """,
        reader => (
            new EnforcementBook.Place(reader.GetString(0), LedgerStatements.KeyOf(reader.GetString(1)), LedgerStatements.KeyOf(reader.GetString(2))),
            new DateTimeOffset(reader.GetInt64(3), TimeSpan.Zero),
            new Enforcement
            {
                Spent = new Usd(reader.GetInt64(4)), Asked = new Usd(reader.GetInt64(5)), WhileBlocked = new Usd(reader.GetInt64(6)),
                Blocked = reader.GetInt64(7), BlockIgnored = reader.GetInt64(8), Degraded = reader.GetInt64(9), DegradeIgnored = reader.GetInt64(10),
            }),
        workspaceId);

    /// <summary>The holds there are, those among them whose time was over while nothing looked.</summary>
    public IReadOnlyList<Hold> Holds(int workspaceId) =>
    [
        .. Query(
            """
            SELECT external_id, held_nano, basis, expires_ticks, budget_id, "key", window_start_ticks, window_end_ticks
            FROM holds WHERE workspace_id = $0
            """,
            reader => (
                Id: reader.GetString(0), Nano: reader.GetInt64(1), Basis: (HoldBasis)reader.GetInt32(2), Expires: reader.GetInt64(3),
                Place: new HoldPlace(
                    reader.GetString(4), LedgerStatements.KeyOf(reader.GetString(5)),
                    new TimeWindow(new DateTimeOffset(reader.GetInt64(6), TimeSpan.Zero), new DateTimeOffset(reader.GetInt64(7), TimeSpan.Zero)))),
            workspaceId)
            .GroupBy(row => row.Id, StringComparer.Ordinal)
            .Select(rows => new Hold
            {
                ExternalId = rows.Key,
                Amount = new Usd(rows.First().Nano),
                Basis = rows.First().Basis,
                ExpiresAt = new DateTimeOffset(rows.First().Expires, TimeSpan.Zero),
                Places = [.. rows.Select(row => row.Place)],
            }),
    ];

    /// <summary>What people set for single values and is not over.</summary>
    public IReadOnlyList<Containment> Containments(int workspaceId, DateTimeOffset now) => Query(
        """
        SELECT id, dimension, value, within_endpoint, action, until_ticks
        FROM containments WHERE workspace_id = $0 AND until_ticks > $1 AND ended_ticks IS NULL
        """,
        reader => new Containment(
            reader.GetString(0), (Dimension)reader.GetInt32(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3),
            (ContainmentAction)reader.GetInt32(4), new DateTimeOffset(reader.GetInt64(5), TimeSpan.Zero)),
        workspaceId, now.UtcTicks);

    /// <summary>Reads what a window counted, or null.</summary>
    public MeterRecord? FindMeter(int workspaceId, string budgetId, string? key, DateTimeOffset windowStart) =>
        _statements.FindMeter(workspaceId, budgetId, key, windowStart);

    /// <summary>The counted requests since an instant, in order of (occurred, sequence).</summary>
    public IEnumerable<PricedRow> ReadCounted(int workspaceId, DateTimeOffset from) =>
        ReadRows("occurred_ticks >= $from AND disposition = 0 ORDER BY occurred_ticks, seq", workspaceId, ("$from", from.UtcTicks));

    /// <summary>The counted requests that came after a place, in the order that they came in.</summary>
    public IEnumerable<PricedRow> ReadCountedAfter(int workspaceId, LedgerPlace place) =>
        ReadRows("seq > $seq AND disposition = 0 ORDER BY seq", workspaceId, ("$seq", place.Seq));

    /// <summary>The requests up to a place that were counted there and are not any more.</summary>
    public IEnumerable<PricedRow> ReadTakenBackSince(int workspaceId, LedgerPlace place) => ReadRows(
        "seq <= $seq AND seq IN (SELECT request_seq FROM corrections WHERE id > $correction) ORDER BY seq", workspaceId,
        ("$seq", place.Seq), ("$correction", place.CorrectionId));

    /// <summary>True where all that was taken back after a place is still there row by row.</summary>
    public bool HasTakenBackSince(LedgerPlace place) => Query(
        """
        SELECT NOT EXISTS (
            SELECT 1 FROM corrections WHERE id > $0 AND request_seq <= $1 AND NOT EXISTS (SELECT 1 FROM requests WHERE seq = request_seq))
        """,
        reader => reader.GetBoolean(0), place.CorrectionId, place.Seq).Single();

    /// <summary>How many requests occurred since an instant, at most a number of them.</summary>
    public long CountSince(int workspaceId, DateTimeOffset from, int most) => Query(
        "SELECT count(*) FROM (SELECT 1 FROM requests WHERE workspace_id = $0 AND occurred_ticks >= $1 LIMIT $2)", reader => reader.GetInt64(0),
        workspaceId, from.UtcTicks, most).Single();

    private IEnumerable<PricedRow> ReadRows(string which, int workspaceId, params (string Name, long Value)[] values)
    {
        using var command = Connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = $"""
            SELECT external_id, occurred_ticks, provider_sent_id, provider_id, model_id, endpoint_id, version_id, user_id,
                   tenant_id, key_id, environment, data_mode, service_tier, input_tokens, output_tokens, cost_nano
            FROM requests WHERE workspace_id = $workspace AND {which}
            """;
        command.Parameters.AddWithValue("$workspace", workspaceId);
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return new PricedRow(
                new LlmRequest
                {
                    ExternalRequestId = reader.GetString(0),
                    OccurredAt = new DateTimeOffset(reader.GetInt64(1), TimeSpan.Zero),
                    Provider = TextOf(reader.GetInt64(2)),
                    Model = TextOf(reader.GetInt64(4)),
                    EndpointTag = TextOf(reader.GetInt64(5)),
                    PromptVersion = TextOf(reader.GetInt64(6)),
                    UserId = reader.IsDBNull(7) ? null : TextOf(reader.GetInt64(7)),
                    TenantId = reader.IsDBNull(8) ? null : TextOf(reader.GetInt64(8)),
                    ApiKey = reader.IsDBNull(9) ? null : TextOf(reader.GetInt64(9)),
                    Environment = (DeploymentEnvironment)reader.GetInt32(10),
                    DataMode = (DataMode)reader.GetInt32(11),
                    ServiceTier = (ServiceTier)reader.GetInt32(12),
                    Usage = new TokenUsage(reader.GetInt64(13), reader.GetInt64(14)),
                },
                TextOf(reader.GetInt64(3)),
                reader.IsDBNull(15) ? null : new Usd(reader.GetInt64(15)));
        }
    }
}
