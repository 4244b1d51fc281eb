using System.Globalization;
using Microsoft.Data.Sqlite;
using Opsmeter.Core;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Pricing;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Storage;

/// <summary>
/// The hot path of the ledger: prepared statements on one connection that one thread owns. Everything here runs inside the
/// transaction that its owner begins and commits; after a failed one the object is thrown away, caches and all.
/// </summary>
public sealed partial class SqliteLedger : IDisposable
{
    private static readonly Version OldestSqlite = new(3, 51, 3);

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

    /// <summary>Deletes the oldest rows, up to <paramref name="last"/> at most; never the newest, which the next is bound to.</summary>
    /// <returns>How many.</returns>
    public int DropRows(DateTimeOffset receivedBefore, long last, int most)
    {
        (Start, var rows) = Start.DropRows(Connection, Transaction, receivedBefore, Math.Min(last, _seq - 1), most);
        return rows;
    }

    /// <summary>Writes a segment.</summary>
    internal void Add(int workspaceId, SegmentColumns columns)
    {
        var before = Query("SELECT hash FROM segments WHERE id = $0", reader => reader.IsDBNull(0) ? null : reader.GetFieldValue<byte[]>(0), columns.Segment.Id - 1);
        _statements.Add(workspaceId, columns, SegmentHash.Of(before is [{ } hash] ? hash : SegmentHash.Origin, workspaceId, columns.Segment, columns.Hash));
    }

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
