using Microsoft.Data.Sqlite;
using Opsmeter.Core;
using SQLitePCL;

namespace Opsmeter.Web.Storage;

/// <summary>
/// Compares the ledger with its hashes: a row that was altered, taken out or put in by anything but the product is named.
/// SQLite's own check finds broken pages, not changed values.
/// </summary>
public sealed class LedgerCheck(StorageOptions options, TimeProvider time)
{
    /// <summary>The most faults that are told apart; the check ends there.</summary>
    public const int MostFaults = 100;

    private const int AtOnce = 5_000;

    // Of a core, what a check in the background may take: it rests as long as it worked.
    private const int RestsFor = 1;

    private const string Columns = """
        seq, workspace_id, external_id, revision, occurred_ticks, received_ticks, provider_sent_id, provider_id, model_id, endpoint_id, version_id,
        user_id, tenant_id, key_id, environment, data_mode, service_tier, input_tokens, output_tokens, cached_tokens, cache_write_tokens,
        cache_write1h_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, cost_nano, reported_nano, price_version_id, latency_ms,
        is_error, error_code_id, warnings, provider_response_id, metadata, chain, disposition
        """;

    /// <summary>Compares the newest rows.</summary>
    /// <param name="rows">How many.</param>
    public LedgerReport CheckTail(int rows)
    {
        using var connection = Open(options.EffectiveConnectionString);
        var last = Number(connection, "SELECT COALESCE(MAX(seq), 0) FROM requests");
        return Run(connection, Math.Max(last - rows, 0));
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
        var walk = new Walk(0, LedgerChain.Origin);
        while (true)
        {
            var started = time.GetTimestamp();
            var count = Step(connection, walk, AtOnce);
            if (count == 0 || walk.Faults.Count >= MostFaults)
            {
                break;
            }

            await Task.Delay(time.GetElapsedTime(started) * RestsFor, time, cancellation);
        }

        CheckCorrections(connection, walk);
        return report with { Rows = walk.Rows, Faults = walk.Faults, EndedAt = time.GetUtcNow() };
    }

    private LedgerReport Run(SqliteConnection connection, long after)
    {
        var report = LedgerReport.Empty(time.GetUtcNow(), isWhole: after == 0);
        var walk = new Walk(after, after == 0 ? LedgerChain.Origin : ChainAt(connection, after) ?? LedgerChain.Origin);
        while (Step(connection, walk, AtOnce) > 0 && walk.Faults.Count < MostFaults)
        {
            // Step by step.
        }

        if (report.IsWhole)
        {
            CheckCorrections(connection, walk);
        }

        return report with { Rows = walk.Rows, Faults = walk.Faults, EndedAt = time.GetUtcNow() };
    }

    private static int Step(SqliteConnection connection, Walk walk, int most)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {Columns} FROM requests WHERE seq > $after ORDER BY seq LIMIT $most";
        command.Parameters.AddWithValue("$after", walk.Seq);
        command.Parameters.AddWithValue("$most", most);
        var count = 0;
        try
        {
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                walk.Take(reader);
                count++;
            }
        }
        catch (Exception error) when (error is SqliteException { SqliteErrorCode: not raw.SQLITE_BUSY } or InvalidCastException or InvalidOperationException or OverflowException)
        {
            walk.Faults.Add(new LedgerFault(walk.Seq + 1, walk.Seq + 1, LedgerFault.Unreadable));
            return 0;
        }

        return count;
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
    private sealed class Walk(long seq, byte[] before)
    {
        private byte[] _before = before;

        public long Seq { get; private set; } = seq;

        public long Rows { get; private set; }

        public List<LedgerFault> Faults { get; } = [];

        public void Take(SqliteDataReader reader)
        {
            var row = RowOf(reader);
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

        private static ChainedRow RowOf(SqliteDataReader reader) => new()
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
            UserId = NumberOf(reader, 11),
            TenantId = NumberOf(reader, 12),
            KeyId = NumberOf(reader, 13),
            Environment = reader.GetInt32(14),
            DataMode = reader.GetInt32(15),
            ServiceTier = reader.GetInt32(16),
            Usage = new TokenUsage(
                reader.GetInt64(17), reader.GetInt64(18), reader.GetInt64(19), reader.GetInt64(20), reader.GetInt64(21), reader.GetInt64(22),
                reader.GetInt64(23), reader.GetInt64(24)),
            CostNano = NumberOf(reader, 25),
            ReportedNano = NumberOf(reader, 26),
            PriceVersionId = NumberOf(reader, 27),
            LatencyMs = reader.GetInt32(28),
            IsError = reader.GetInt32(29),
            ErrorCodeId = NumberOf(reader, 30),
            Warnings = reader.GetInt32(31),
            ProviderResponseId = TextOf(reader, 32),
            Metadata = TextOf(reader, 33),
        };

        private static long? NumberOf(SqliteDataReader reader, int place) => reader.IsDBNull(place) ? null : reader.GetInt64(place);

        private static string? TextOf(SqliteDataReader reader, int place) => reader.IsDBNull(place) ? null : reader.GetString(place);
    }
}
