using Microsoft.Data.Sqlite;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage.Facts;
using SQLitePCL;

namespace Opsmeter.Web.Storage;

/// <summary>Reads requests again, as they were counted, in order of (occurred, sequence); on connections of its own.</summary>
public sealed class LedgerHistory(StorageOptions options, ValueTexts texts, FactStore store)
{
    private const string Replayed =
        """
        occurred_ticks, environment, data_mode, endpoint_id, provider_id, model_id, version_id, key_id, user_id, tenant_id,
        provider_sent_id, service_tier, input_tokens, output_tokens, cached_tokens, cache_write_tokens,
        cache_write1h_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, cost_nano
        """;

    private const int ReceivedColumn = 21;

    /// <summary>Reads the counted requests that some budget may count, those that are no longer kept row by row among them.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="range">From, inclusive, to, exclusive.</param>
    /// <param name="policy">The policy whose enabled budgets count.</param>
    /// <param name="skipped">Told of each request that none of them can count.</param>
    /// <param name="cancellation">Stops reading.</param>
    public IEnumerable<PricedRow> Read(
        int workspaceId, TimeWindow range, WorkspacePolicy policy, Action<DateTimeOffset> skipped, CancellationToken cancellation) =>
        Read(workspaceId, range, policy, _ => { }, skipped, cancellation);

    /// <summary>Reads them so, and says up to which place in the ledger before the first.</summary>
    internal IEnumerable<PricedRow> Read(
        int workspaceId, TimeWindow range, WorkspacePolicy policy, Action<LedgerPlace> asOf, Action<DateTimeOffset> skipped, CancellationToken cancellation)
    {
        var textOf = Remembering();
        var budgets = policy.Budgets.Where(budget => budget.Enabled).Select(budget => new Wanted(budget, policy.Settings.TenantFrom, textOf)).ToArray();
        using var connection = new SqliteConnection(options.EffectiveConnectionString);
        connection.Open();

        // Old rows are deleted meanwhile: what is gone and what is there are read as of one moment.
        using var snapshot = connection.BeginTransaction(deferred: true);
        asOf(PlaceOf(connection, snapshot));
        var dropped = DroppedIn(connection, snapshot, workspaceId, range, textOf);
        using var statement = Prepare(connection, Replayed, range, workspaceId);
        while (Step(connection, statement))
        {
            cancellation.ThrowIfCancellationRequested();
            var at = new DateTimeOffset(raw.sqlite3_column_int64(statement, 0), TimeSpan.Zero);
            while (dropped.TryPeek(out var older) && older.Request.OccurredAt <= at)
            {
                yield return dropped.Dequeue();
            }

            if (Array.Exists(budgets, budget => budget.Matches(statement)))
            {
                yield return RowOf(statement, at, textOf);
            }
            else
            {
                skipped(at);
            }
        }

        foreach (var older in dropped)
        {
            yield return older;
        }
    }

    /// <summary>Reads all counted requests, whatever counts them, with when they arrived.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="range">From, inclusive, to, exclusive.</param>
    /// <param name="most">At most about so many: the newest.</param>
    /// <param name="cancellation">Stops reading.</param>
    public IEnumerable<(PricedRow Row, DateTimeOffset Received)> ReadArrivals(int workspaceId, TimeWindow range, int most, CancellationToken cancellation)
    {
        var textOf = Remembering();
        using var connection = new SqliteConnection(options.EffectiveConnectionString);
        connection.Open();
        using var statement = Prepare(connection, Replayed + ", received_ticks", range with { Start = NewestFrom(connection, workspaceId, range.Start, most) }, workspaceId);
        while (Step(connection, statement))
        {
            cancellation.ThrowIfCancellationRequested();
            var at = new DateTimeOffset(raw.sqlite3_column_int64(statement, 0), TimeSpan.Zero);
            yield return (RowOf(statement, at, textOf), new DateTimeOffset(raw.sqlite3_column_int64(statement, ReceivedColumn), TimeSpan.Zero));
        }
    }

    /// <summary>Reads the counted requests that were stored after one, in the order that they were stored in.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="after">The number of the last that is known; null to begin with those that occurred since <paramref name="from"/>.</param>
    /// <param name="from">Those that occurred before are left out.</param>
    /// <param name="most">At most so many; the newest where it begins, the oldest where it goes on.</param>
    public IEnumerable<(long Number, PricedRow Row)> ReadStored(int workspaceId, long? after, DateTimeOffset from, int most)
    {
        using var connection = new SqliteConnection(options.EffectiveConnectionString);
        connection.Open();
        var first = after ?? FirstOf(connection, workspaceId, from, most);
        Check(connection, raw.sqlite3_prepare_v2(
            connection.Handle!,
            $"SELECT {Replayed}, seq FROM requests WHERE workspace_id = ? AND seq > ? AND occurred_ticks >= ? AND disposition = 0 ORDER BY seq LIMIT ?",
            out var statement));
        using (statement)
        {
            Check(connection, raw.sqlite3_bind_int(statement, 1, workspaceId));
            Check(connection, raw.sqlite3_bind_int64(statement, 2, first));
            Check(connection, raw.sqlite3_bind_int64(statement, 3, from.UtcTicks));
            Check(connection, raw.sqlite3_bind_int(statement, 4, most));
            while (Step(connection, statement))
            {
                yield return (raw.sqlite3_column_int64(statement, ReceivedColumn), RowOf(statement, new DateTimeOffset(raw.sqlite3_column_int64(statement, 0), TimeSpan.Zero), texts.Of));
            }
        }
    }

    /// <summary>The counted requests that only the columns have, in order.</summary>
    private Queue<PricedRow> DroppedIn(SqliteConnection connection, SqliteTransaction snapshot, int workspaceId, TimeWindow range, Func<int, string> textOf)
    {
        var start = LedgerStart.Read(connection, snapshot);
        var rows = new List<(long Seq, PricedRow Row)>();
        DroppedRows.Read(store, store[workspaceId], textOf, start, () => start.TakenBack(connection, snapshot, workspaceId), range.Start, (seq, row) =>
        {
            if (row.Request.OccurredAt < range.End)
            {
                rows.Add((seq, row));
            }
        });
        return new Queue<PricedRow>(rows.OrderBy(row => row.Row.Request.OccurredAt).ThenBy(row => row.Seq).Select(row => row.Row));
    }

    private static LedgerPlace PlaceOf(SqliteConnection connection, SqliteTransaction snapshot)
    {
        using var command = connection.CreateCommand();
        command.Transaction = snapshot;
        command.CommandText = "SELECT coalesce((SELECT max(seq) FROM requests), 0), coalesce((SELECT max(id) FROM corrections), 0)";
        using var reader = command.ExecuteReader();
        reader.Read();
        return new LedgerPlace(reader.GetInt64(0), reader.GetInt64(1));
    }

    private static long FirstOf(SqliteConnection connection, int workspaceId, DateTimeOffset from, int most)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT max(coalesce((SELECT min(seq) FROM requests WHERE workspace_id = $workspace AND occurred_ticks >= $from), 1 << 62) - 1,
                       coalesce((SELECT max(seq) FROM requests), 0) - $most)
            """;
        command.Parameters.AddWithValue("$workspace", workspaceId);
        command.Parameters.AddWithValue("$from", from.UtcTicks);
        command.Parameters.AddWithValue("$most", most);
        var first = Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
        command.CommandText = "SELECT coalesce(max(seq), 0) FROM requests";
        return Math.Min(first, Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>What a budget's conditions matched by the hour.</summary>
    public HourLookup HoursOf(int workspaceId, TenantSource tenants) => (budget, measure, hours) =>
        BudgetHours.Read(store, store[workspaceId], [], texts.Of, tenants, budget, measure, hours);

    /// <summary>The endpoints that were ever reported, the first 500.</summary>
    public IReadOnlyList<string> EndpointsOf(int workspaceId)
    {
        using var connection = new SqliteConnection(options.EffectiveConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT text FROM dimensions WHERE workspace_id = $workspace AND kind = $kind ORDER BY id LIMIT 500";
        command.Parameters.AddWithValue("$workspace", workspaceId);
        command.Parameters.AddWithValue("$kind", (int)DimensionKind.EndpointTag);
        using var reader = command.ExecuteReader();
        var endpoints = new List<string>();
        while (reader.Read())
        {
            endpoints.Add(reader.GetString(0));
        }

        return endpoints;
    }

    /// <summary>What some keys of a budget that counts by one spent by the hour.</summary>
    public IReadOnlyDictionary<string, long[]> KeyHours(int workspaceId, TenantSource tenants, Budget budget, IEnumerable<string> keys, TimeWindow hours) =>
        BudgetHours.ReadKeys(store, store[workspaceId], texts.Of, tenants, budget, keys, Measure.Usd, hours);

    /// <summary>The texts of values, each read once, however many there are.</summary>
    private Func<int, string> Remembering()
    {
        var known = new Dictionary<int, string>();
        return id => known.TryGetValue(id, out var text) ? text : known[id] = texts.Of(id);
    }

    private static DateTimeOffset NewestFrom(SqliteConnection connection, int workspaceId, DateTimeOffset start, int most)
    {
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT occurred_ticks FROM requests WHERE workspace_id = $workspace AND occurred_ticks >= $start ORDER BY occurred_ticks DESC LIMIT 1 OFFSET $most";
        command.Parameters.AddWithValue("$workspace", workspaceId);
        command.Parameters.AddWithValue("$start", start.UtcTicks);
        command.Parameters.AddWithValue("$most", most);
        return command.ExecuteScalar() is long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : start;
    }

    // Not by a data reader: of a million rows with twenty-one columns it takes half the time.
    private static sqlite3_stmt Prepare(SqliteConnection connection, string columns, TimeWindow range, int workspaceId)
    {
        Check(connection, raw.sqlite3_prepare_v2(
            connection.Handle!,
            $"""
            SELECT {columns}
            FROM requests
            WHERE workspace_id = ? AND occurred_ticks >= ? AND occurred_ticks < ? AND disposition = 0
            ORDER BY occurred_ticks, seq
            """,
            out var statement));
        Check(connection, raw.sqlite3_bind_int(statement, 1, workspaceId));
        Check(connection, raw.sqlite3_bind_int64(statement, 2, range.Start.UtcTicks));
        Check(connection, raw.sqlite3_bind_int64(statement, 3, range.End.UtcTicks));
        return statement;
    }

    private static bool Step(SqliteConnection connection, sqlite3_stmt statement)
    {
        var result = raw.sqlite3_step(statement);
        if (result == raw.SQLITE_ROW)
        {
            return true;
        }

        Check(connection, result == raw.SQLITE_DONE ? raw.SQLITE_OK : result);
        return false;
    }

    private static void Check(SqliteConnection connection, int result)
    {
        if (result != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, connection.Handle);
        }
    }

    private static bool IsNull(sqlite3_stmt row, int column) => raw.sqlite3_column_type(row, column) == raw.SQLITE_NULL;

    private static PricedRow RowOf(sqlite3_stmt row, DateTimeOffset at, Func<int, string> textOf)
    {
        return new PricedRow(
            new LlmRequest
            {
                // Nothing that is replayed depends on it.
                ExternalRequestId = "",
                OccurredAt = at,
                Environment = (DeploymentEnvironment)Small(1),
                DataMode = (DataMode)Small(2),
                EndpointTag = textOf(Small(3)),
                Model = textOf(Small(5)),
                PromptVersion = textOf(Small(6)),
                ApiKey = Text(7),
                UserId = Text(8),
                TenantId = Text(9),
                Provider = textOf(Small(10)),
                ServiceTier = (ServiceTier)Small(11),
                Usage = new TokenUsage(Whole(12), Whole(13), Whole(14), Whole(15), Whole(16), Whole(17), Whole(18), Whole(19)),
            },
            textOf(Small(4)),
            IsNull(row, 20) ? null : new Usd(Whole(20)));

        int Small(int column) => raw.sqlite3_column_int(row, column);

        long Whole(int column) => raw.sqlite3_column_int64(row, column);

        string? Text(int column) => IsNull(row, column) ? null : textOf(Small(column));
    }

    /// <summary>Whether a budget may count a row, by the ids in it.</summary>
    private sealed class Wanted(Budget budget, TenantSource tenants, Func<int, string> textOf)
    {
        private readonly ConditionIds[] _conditions = [.. budget.Conditions.Select(condition => new ConditionIds(condition, tenants, textOf))];

        public bool Matches(sqlite3_stmt row)
        {
            if (!budget.Environments.Contains((DeploymentEnvironment)raw.sqlite3_column_int(row, 1)) || !budget.DataModes.Contains((DataMode)raw.sqlite3_column_int(row, 2)))
            {
                return false;
            }

            foreach (var condition in _conditions)
            {
                var column = PlaceOf(condition.Column);
                if (IsNull(row, column) || !condition.Matches(raw.sqlite3_column_int(row, column)))
                {
                    return false;
                }
            }

            return true;
        }

        private static int PlaceOf(FactColumn column) => column switch
        {
            FactColumn.Endpoint => 3,
            FactColumn.Provider => 4,
            FactColumn.Model => 5,
            FactColumn.Version => 6,
            FactColumn.Key => 7,
            FactColumn.User => 8,
            FactColumn.Tenant => 9,
            _ => throw new ArgumentOutOfRangeException(nameof(column), column, "Is no dimension of a condition."),
        };
    }
}
