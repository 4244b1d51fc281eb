using System.Globalization;
using Microsoft.Data.Sqlite;
using Opsmeter.Core;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Storage;

/// <summary>
/// The hot path of the ledger: prepared statements on one connection that one thread owns. Everything here runs inside the
/// transaction that its owner begins and commits; after a failed one the object is thrown away, caches and all.
/// </summary>
public sealed class SqliteLedger : IDisposable
{
    // Names in use at once are hundreds; the bound, some five megabytes, is for a sender that makes them up.
    private const int MostCachedValues = 20_000;
    private static readonly Version OldestSqlite = new(3, 51, 3);

    private readonly Dictionary<(int Workspace, DimensionKind Kind, string Text), long> _ids = [];
    private readonly Dictionary<long, string> _texts = [];
    private readonly Dictionary<AppliedRates, long> _priceVersions = [];
    private readonly LedgerStatements _statements;
    private SqliteTransaction? _transaction;
    private byte[] _chain;
    private byte[] _correctionChain;
    private readonly LedgerHead _head;
    private (long Seq, long CorrectionId) _noted = (-1, -1);
    private long _seq;
    private long _correctionId;

    public SqliteLedger(string connectionString)
    {
        Connection = new SqliteConnection(connectionString);
        Connection.Open();
        ConnectionSettings.Set(Connection, isWriter: true);
        RequireSafeSqlite();
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute("PRAGMA cache_size=-16000");

        // What a reader who read for long made of the log is given back when it is begun anew.
        Execute($"PRAGMA journal_size_limit={Checkpoints.MostKeptBytes}");
        _statements = new LedgerStatements(Connection);
        _seq = (long)Scalar("SELECT COALESCE(MAX(seq), 0) FROM requests")!;
        _chain = Scalar("SELECT chain FROM requests ORDER BY seq DESC LIMIT 1") as byte[] ?? LedgerChain.Origin;
        _correctionId = (long)Scalar("SELECT COALESCE(MAX(id), 0) FROM corrections")!;
        _correctionChain = Scalar("SELECT chain FROM corrections ORDER BY id DESC LIMIT 1") as byte[] ?? LedgerChain.Origin;
        Start = LedgerStart.Read(Connection, null);
        _head = LedgerHead.Open(Connection.DataSource);
        HeadFault = FaultOf(_head.Read());
    }

    /// <summary>Where the rows begin.</summary>
    public LedgerStart Start { get; private set; }

    /// <summary>What was committed before and is not there now, when the ledger was opened; null where nothing is missing.</summary>
    public LedgerFault? HeadFault { get; }

    public SqliteConnection Connection { get; }

    public SqliteTransaction Transaction => _transaction ?? throw new InvalidOperationException("No transaction is open.");

    public void Begin()
    {
        // BEGIN IMMEDIATE: a deferred one that reads first could wait out the timeout and fail.
        _transaction = Connection.BeginTransaction(deferred: false);
        _statements.Enlist(_transaction);
    }

    public void Commit()
    {
        Transaction.Commit();
        _transaction!.Dispose();
        _transaction = null;
        _statements.Enlist(null);
        NoteHead();
    }

    public void Dispose()
    {
        _statements.Dispose();
        _transaction?.Dispose();
        _head.Dispose();
        Connection.Dispose();
    }

    /// <summary>Writes a row as it is.</summary>
    public bool Touch()
    {
        using var command = Connection.CreateCommand();
        command.Transaction = Transaction;
        command.CommandText = "UPDATE workspaces SET version = version";
        return command.ExecuteNonQuery() > 0;
    }

    /// <summary>Inserts a row as a revision of its id.</summary>
    /// <returns>False when that revision exists.</returns>
    public bool TryInsert(int workspaceId, LedgerRow row, int revision, DateTimeOffset received, out StoredRow stored)
    {
        stored = Encode(workspaceId, row);
        var receivedTicks = (row.ReceivedAt ?? received).UtcTicks;
        var chain = LedgerChain.Of(_chain, ChainedRow.Of(_seq + 1, workspaceId, row, stored, revision, receivedTicks));
        var inserted = _statements.Insert(_seq + 1, workspaceId, revision, receivedTicks, row, stored, chain);
        if (inserted)
        {
            _seq++;
            _chain = chain;
            stored = stored with { Seq = _seq, Revision = revision };
        }

        return inserted;
    }

    /// <summary>The row as it would be stored, to compare with what is.</summary>
    public StoredRow Probe(int workspaceId, LedgerRow row) => Encode(workspaceId, row);

    /// <summary>Every row kept under an id, by revision.</summary>
    public List<StoredRow> Revisions(int workspaceId, string externalId) => _statements.Revisions(workspaceId, externalId);

    /// <summary>Marks a row as no longer counted and chains the correction.</summary>
    /// <returns>The number of the correction.</returns>
    public long Correct(int workspaceId, long seq, Disposition disposition, DateTimeOffset at, string actor, string? reason)
    {
        _correctionChain = LedgerChain.OfCorrection(_correctionChain, workspaceId, seq, (int)disposition, at.UtcTicks, actor, reason);
        _statements.Correct(++_correctionId, workspaceId, seq, (int)disposition, at.UtcTicks, actor, reason, _correctionChain);
        return _correctionId;
    }

    /// <summary>When a row arrived; null where it is not there.</summary>
    public DateTimeOffset? ReceivedAt(long seq) => Query("SELECT received_ticks FROM requests WHERE seq = $0", reader => reader.GetInt64(0), seq) is [var ticks]
        ? new DateTimeOffset(ticks, TimeSpan.Zero)
        : null;

    /// <summary>Deletes the oldest rows, up to <paramref name="last"/> at most; never the newest, which the next is bound to.</summary>
    /// <returns>How many.</returns>
    public int DropRows(DateTimeOffset receivedBefore, long last, int most)
    {
        (Start, var rows) = Start.DropRows(Connection, Transaction, receivedBefore, Math.Min(last, _seq - 1), most);
        return rows;
    }

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

    /// <summary>Writes a segment.</summary>
    internal void Add(int workspaceId, SegmentColumns columns) => _statements.Add(workspaceId, columns);

    /// <summary>Writes what a window counted.</summary>
    public void Save(int workspaceId, MeterRecord meter) => _statements.Save(workspaceId, meter);

    /// <summary>Writes a hold; one with its id is gone before.</summary>
    public void Save(int workspaceId, Hold hold, DateTimeOffset created) => _statements.Save(workspaceId, hold, created);

    /// <summary>Deletes a hold.</summary>
    public void EndHold(int workspaceId, string externalId) => _statements.EndHold(workspaceId, externalId);

    /// <summary>Writes how far a budget's key or endpoint was asked and obeyed.</summary>
    public void Save(int workspaceId, EnforcementBook.Place place, DateTimeOffset window, Enforcement total) =>
        _statements.Save(workspaceId, place, window, total);

    /// <summary>Deletes that.</summary>
    public void Forget(int workspaceId, EnforcementBook.Place place) => _statements.Forget(workspaceId, place);

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

    /// <summary>The holds of windows that are not over.</summary>
    public IReadOnlyList<Hold> Holds(int workspaceId, DateTimeOffset now) =>
    [
        .. Query(
            """
            SELECT external_id, held_nano, basis, expires_ticks, budget_id, "key", window_start_ticks, window_end_ticks
            FROM holds WHERE workspace_id = $0 AND window_end_ticks > $1
            """,
            reader => (
                Id: reader.GetString(0), Nano: reader.GetInt64(1), Basis: (HoldBasis)reader.GetInt32(2), Expires: reader.GetInt64(3),
                Place: new HoldPlace(
                    reader.GetString(4), LedgerStatements.KeyOf(reader.GetString(5)),
                    new TimeWindow(new DateTimeOffset(reader.GetInt64(6), TimeSpan.Zero), new DateTimeOffset(reader.GetInt64(7), TimeSpan.Zero)))),
            workspaceId, now.UtcTicks)
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

    /// <summary>Writes a change of state.</summary>
    public long Save(int workspaceId, string budgetName, Transition transition, DateTimeOffset recorded) =>
        _statements.Save(workspaceId, budgetName, transition, recorded);

    /// <summary>Writes what a change of state is news of.</summary>
    public AlertKinds Alert(int workspaceId, Budget budget, Transition transition, DateTimeOffset recorded) =>
        AlertLedger.Write(Connection, Transaction, workspaceId, budget, transition, recorded);

    /// <summary>Writes that a further threshold of a budget was passed.</summary>
    /// <returns>True where it is told now.</returns>
    public bool AlertThreshold(int workspaceId, Budget budget, WindowReading reading, decimal ratio, DateTimeOffset now) =>
        AlertLedger.WriteThreshold(Connection, Transaction, workspaceId, budget, reading, ratio, now);

    /// <summary>Writes that a window is forecast to end past a ratio of its limit.</summary>
    /// <returns>True where it is told now.</returns>
    public bool AlertForecast(int workspaceId, Budget budget, WindowReading reading, Usd forecast, decimal ratio, DateTimeOffset now) =>
        AlertLedger.WriteForecast(Connection, Transaction, workspaceId, budget, reading, forecast, ratio, now);

    /// <summary>Writes that a window's limit burns too fast.</summary>
    /// <returns>True where it is told now.</returns>
    public bool AlertBurn(int workspaceId, Budget budget, WindowReading reading, FastBurn burn, DateTimeOffset now) =>
        AlertLedger.WriteBurn(Connection, Transaction, workspaceId, budget, reading, burn, now);

    /// <summary>Writes that a key of a budget spends many times what is expected of it.</summary>
    /// <returns>True where it is told now.</returns>
    public bool AlertSurge(int workspaceId, Budget budget, WindowReading reading, Surge surge, DateTimeOffset now) =>
        AlertLedger.WriteSurge(Connection, Transaction, workspaceId, budget, reading, surge, now);

    /// <summary>Writes what was noticed without a budget.</summary>
    /// <returns>True where it is told now.</returns>
    public bool AlertSignal(int workspaceId, Signal signal, DateTimeOffset now) => AlertLedger.WriteSignal(Connection, Transaction, workspaceId, signal, now);

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

    /// <summary>The text of a dictionary entry.</summary>
    public string TextOf(long id)
    {
        if (!_texts.TryGetValue(id, out var text))
        {
            MakeRoom();
            text = _statements.TextOf(id);
            _texts[id] = text;
        }

        return text;
    }

    /// <summary>The id of a value, made when it is new.</summary>
    public long IdOf(int workspaceId, DimensionKind kind, string text)
    {
        if (_ids.TryGetValue((workspaceId, kind, text), out var id))
        {
            return id;
        }

        MakeRoom();
        id = _statements.IdOf(workspaceId, (int)kind, text);
        _ids[(workspaceId, kind, text)] = id;
        return id;
    }

    // What is needed again is read again; the tables give back what they took.
    private void MakeRoom()
    {
        if (_ids.Count >= MostCachedValues)
        {
            _ids.Clear();
            _ids.TrimExcess();
        }

        if (_texts.Count >= MostCachedValues)
        {
            _texts.Clear();
            _texts.TrimExcess();
        }
    }

    private StoredRow Encode(int workspaceId, LedgerRow row)
    {
        var request = row.Row.Request;
        return new StoredRow
        {
            ProviderSentId = IdOf(workspaceId, DimensionKind.ProviderSent, request.Provider),
            ProviderId = IdOf(workspaceId, DimensionKind.Provider, row.Row.Provider),
            ModelId = IdOf(workspaceId, DimensionKind.Model, request.Model),
            EndpointId = IdOf(workspaceId, DimensionKind.EndpointTag, request.EndpointTag),
            VersionId = IdOf(workspaceId, DimensionKind.PromptVersion, request.PromptVersion),
            UserId = request.UserId is { } user ? IdOf(workspaceId, DimensionKind.UserId, user) : null,
            TenantId = request.TenantId is { } tenant ? IdOf(workspaceId, DimensionKind.TenantId, tenant) : null,
            KeyId = request.ApiKey is { } key ? IdOf(workspaceId, DimensionKind.ApiKey, key) : null,
            ErrorCodeId = request.ErrorCode is { } code ? IdOf(workspaceId, DimensionKind.ErrorCode, code) : null,
            PriceVersionId = row.Rates is { } rates ? PriceVersionOf(rates) : null,
            Environment = request.Environment,
            DataMode = request.DataMode,
            ServiceTier = request.ServiceTier,
            Usage = request.Usage,
            Cost = row.Row.Cost,
            Reported = request.ReportedCost,
            OccurredAt = request.OccurredAt,
            IsError = request.IsError,
            LatencyMs = request.LatencyMs,
        };
    }

    private long PriceVersionOf(AppliedRates rates)
    {
        if (!_priceVersions.TryGetValue(rates, out var id))
        {
            _priceVersions[rates] = id = _statements.PriceVersionOf(rates.ToJson());
        }

        return id;
    }

    // Not before the first commit: until a fault is on record, the file that shows it stays as it is.
    private void NoteHead()
    {
        if (_noted != (_seq, _correctionId))
        {
            _noted = (_seq, _correctionId);
            _head.Write(_seq, _chain, _correctionId);
        }
    }

    private LedgerFault? FaultOf((long Seq, byte[] Chain, long CorrectionId)? noted)
    {
        if (noted is not { } head)
        {
            return null;
        }

        if (head.Seq > _seq)
        {
            return new LedgerFault(_seq + 1, head.Seq, LedgerFault.Missing);
        }

        if (head.CorrectionId > _correctionId)
        {
            return new LedgerFault(_correctionId + 1, head.CorrectionId, LedgerFault.CorrectionMissing);
        }

        var chain = Query("SELECT chain FROM requests WHERE seq = $0", reader => (byte[])reader[0], head.Seq);
        return head.Seq > 0 && (chain.Count == 0 || !chain[0].AsSpan().SequenceEqual(head.Chain)) ? new LedgerFault(head.Seq, head.Seq, LedgerFault.Altered) : null;
    }

    private void RequireSafeSqlite()
    {
        var version = Version.Parse(Connection.ServerVersion);
        if (version < OldestSqlite)
        {
            throw new InvalidOperationException(
                $"SQLite {version} can corrupt a database in WAL mode; {OldestSqlite} or newer is needed.");
        }
    }

    /// <summary>Reads what is not hot enough for a prepared statement; the values are <c>$0</c>, <c>$1</c> and so on.</summary>
    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<long> values)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = _transaction;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue("$" + i.ToString(CultureInfo.InvariantCulture), values[i]);
        }

        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private void Execute(string sql) => Scalar(sql);

    private object? Scalar(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = _transaction;
        return command.ExecuteScalar();
    }
}
