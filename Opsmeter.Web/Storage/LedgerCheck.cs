using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Opsmeter.Web.Storage;

/// <summary>
/// Compares the ledger with its hashes: a row that was altered, taken out or put in by anything but the product is named, and
/// so are columns.
/// SQLite's own check finds broken pages, not changed values.
/// </summary>
public sealed class LedgerCheck(StorageOptions options, TimeProvider time)
{
    /// <summary>The most faults that are told apart; the check ends there.</summary>
    public const int MostFaults = 100;

    private const int AtOnce = 5_000;

    /// <summary>Compares the newest rows.</summary>
    /// <param name="rows">How many.</param>
    public LedgerReport CheckTail(int rows)
    {
        using var connection = Open(options.EffectiveConnectionString);
        var last = Number(connection, "SELECT COALESCE(MAX(seq), 0) FROM requests");
        return Run(connection, last - rows);
    }

    /// <summary>Compares every row of another file, such as a backup.</summary>
    public LedgerReport CheckFile(string file)
    {
        using var connection = Open(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        return Run(connection, 0);
    }

    /// <summary>Compares every row, in small steps.</summary>
    public async Task<LedgerReport> CheckAllAsync(CancellationToken cancellation = default)
    {
        using var connection = Open(options.EffectiveConnectionString);
        var report = LedgerReport.Empty(time.GetUtcNow(), isWhole: true);
        var walk = new Walk(LedgerStart.Origin);
        TryRead(walk, LedgerFault.StartUnreadable, () => CheckStart(connection, walk));
        while (true)
        {
            var started = time.GetTimestamp();
            var count = Step(connection, walk, AtOnce);
            if (count == 0 || walk.Faults.Count >= MostFaults)
            {
                break;
            }

            // It rests as long as it worked: half of a core at most.
            await Task.Delay(time.GetElapsedTime(started), time, cancellation);
        }

        TryRead(walk, LedgerFault.CorrectionsUnreadable, () => CheckCorrections(connection, walk));
        var segments = new SegmentWalk(connection);
        for (var started = time.GetTimestamp(); Step(segments, walk); started = time.GetTimestamp())
        {
            await Task.Delay(time.GetElapsedTime(started), time, cancellation);
        }

        CheckEnd(segments, walk);
        return report with { Rows = walk.Rows, Faults = walk.Faults, EndedAt = time.GetUtcNow() };
    }

    private LedgerReport Run(SqliteConnection connection, long after)
    {
        var walk = new Walk(LedgerStart.Origin);
        var report = LedgerReport.Empty(time.GetUtcNow(), isWhole: after <= 0);
        TryRead(walk, LedgerFault.StartUnreadable, () =>
        {
            var start = LedgerStart.Read(connection, null);
            report = report with { IsWhole = after <= start.Seq };
            walk.SkipTo(report.IsWhole ? start : start with { Seq = after, Chain = ChainAt(connection, after) ?? LedgerChain.Origin });
            CheckStart(connection, walk);
        });
        while (Step(connection, walk, AtOnce) > 0 && walk.Faults.Count < MostFaults)
        {
            // Step by step.
        }

        if (report.IsWhole)
        {
            TryRead(walk, LedgerFault.CorrectionsUnreadable, () => CheckCorrections(connection, walk));
            var segments = new SegmentWalk(connection);
            while (Step(segments, walk))
            {
                // One by one.
            }

            CheckEnd(segments, walk);
        }

        return report with { Rows = walk.Rows, Faults = walk.Faults, EndedAt = time.GetUtcNow() };
    }

    private static bool Step(SegmentWalk segments, Walk walk)
    {
        var isMore = false;
        return TryRead(walk, LedgerFault.ColumnsUnreadable, () => isMore = segments.Step(walk.Faults)) && isMore && walk.Faults.Count < MostFaults;
    }

    private static void CheckEnd(SegmentWalk segments, Walk walk)
    {
        if (walk.Faults.TrueForAll(fault => fault.What is not (LedgerFault.StartUnreadable or LedgerFault.ColumnsUnreadable)))
        {
            TryRead(walk, LedgerFault.ColumnsUnreadable, () => segments.CheckEnd(walk.Faults));
        }
    }

    private static int Step(SqliteConnection connection, Walk walk, int most)
    {
        var count = 0;
        return TryRead(walk, LedgerFault.Unreadable, () =>
        {
            // Old rows are deleted meanwhile: where the ledger begins and what follows are read as of one moment.
            using var transaction = connection.BeginTransaction(deferred: true);
            walk.SkipTo(LedgerStart.Read(connection, transaction));
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = $"SELECT {ChainedRow.Columns}, chain FROM requests WHERE seq > $after ORDER BY seq LIMIT $most";
            command.Parameters.AddWithValue("$after", walk.Seq);
            command.Parameters.AddWithValue("$most", most);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                walk.Take(reader);
                count++;
            }
        }) ? count : 0;
    }

    // What cannot be read is a fault like any other: whoever looks after the file hears of it, and the product goes on.
    private static bool TryRead(Walk walk, string fault, Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Exception error) when (error is SqliteException { SqliteErrorCode: not raw.SQLITE_BUSY } or InvalidCastException or InvalidOperationException or OverflowException)
        {
            var row = fault == LedgerFault.Unreadable ? walk.Seq + 1 : LedgerFault.NoRow;
            walk.Faults.Add(new LedgerFault(row, row, fault));
            return false;
        }
    }

    private static void CheckStart(SqliteConnection connection, Walk walk)
    {
        using var command = connection.CreateCommand();
        using var transaction = connection.BeginTransaction(deferred: true);
        command.Transaction = transaction;
        command.CommandText = "SELECT MIN(seq) FROM requests";
        var start = LedgerStart.Read(connection, transaction);
        if (command.ExecuteScalar() is long first && first <= start.Seq)
        {
            walk.Faults.Add(new LedgerFault(first, start.Seq, LedgerFault.BeforeStart));
        }
    }

    private static void CheckCorrections(SqliteConnection connection, Walk walk)
    {
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT id, workspace_id, request_seq, kind, at_ticks, actor, reason, chain FROM corrections ORDER BY id";
            using var reader = command.ExecuteReader();
            var (before, last) = (LedgerChain.Origin, 0L);
            while (reader.Read() && walk.Faults.Count < MostFaults)
            {
                var (id, written) = (reader.GetInt64(0), (byte[])reader[7]);
                var hash = LedgerChain.OfCorrection(
                    before, reader.GetInt32(1), reader.GetInt64(2), reader.GetInt32(3), reader.GetInt64(4), reader.GetString(5), reader.IsDBNull(6) ? null : reader.GetString(6));
                if (id != last + 1 || !hash.AsSpan().SequenceEqual(written))
                {
                    walk.Faults.Add(new LedgerFault(id, id, LedgerFault.Correction));
                }

                (before, last) = (written, id);
            }
        }

        using var disposed = connection.CreateCommand();
        disposed.CommandText = $"""
            SELECT r.seq FROM requests r WHERE r.disposition <> 0 AND NOT EXISTS (SELECT 1 FROM corrections c WHERE c.request_seq = r.seq AND c.kind = r.disposition)
            UNION SELECT r.seq FROM corrections c JOIN requests r ON r.seq = c.request_seq WHERE r.disposition <> c.kind
            LIMIT {MostFaults}
            """;
        using var wrong = disposed.ExecuteReader();
        while (wrong.Read())
        {
            walk.Faults.Add(new LedgerFault(wrong.GetInt64(0), wrong.GetInt64(0), LedgerFault.Disposed));
        }
    }

    private static byte[]? ChainAt(SqliteConnection connection, long seq)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT chain FROM requests WHERE seq = $seq";
        command.Parameters.AddWithValue("$seq", seq);
        return command.ExecuteScalar() as byte[];
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(string connectionString)
    {
        var connection = new SqliteConnection(connectionString);
        connection.Open();
        return connection;
    }

    // The rows in order, each compared with the hash before it.
    private sealed class Walk(LedgerStart start)
    {
        private byte[] _before = start.Chain;

        public long Seq { get; private set; } = start.Seq;

        public long Rows { get; private set; }

        public List<LedgerFault> Faults { get; } = [];

        public void SkipTo(LedgerStart now)
        {
            if (now.Seq > Seq)
            {
                (Seq, _before) = (now.Seq, now.Chain);
            }
        }

        public void Take(SqliteDataReader reader)
        {
            var row = ChainedRow.Read(reader);
            var written = reader[34] as byte[] ?? [];
            if (row.Seq != Seq + 1)
            {
                Faults.Add(new LedgerFault(Seq + 1, row.Seq - 1, LedgerFault.Missing));
            }

            if (!LedgerChain.IsOf(_before, row, written))
            {
                Faults.Add(new LedgerFault(row.Seq, row.Seq, LedgerFault.Altered));
            }

            (Seq, _before) = (row.Seq, written);
            Rows++;
        }
    }
}
