using System.Data.Common;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>
/// Reads sums from the ledger inside one snapshot: from rollups where whole quarter-hours of one dimension are asked for,
/// from the requests themselves where an edge lies inside one or a filter needs another dimension.
/// </summary>
internal sealed class SpendSource(DbConnection connection, DbTransaction snapshot, SpendQuery query, Dimension? tenants)
{
    private const string RollupSums = """
        SUM(requests), SUM(errors), SUM(unpriced), SUM(cost_nano), SUM(input_tokens), SUM(output_tokens), SUM(cached_tokens),
        SUM(cache_write_tokens), SUM(reasoning_tokens), SUM(audio_tokens)
        """;

    private const string RequestSums = """
        COUNT(*), SUM(CASE WHEN is_error THEN 1 ELSE 0 END), SUM(CASE WHEN cost_nano IS NULL THEN 1 ELSE 0 END),
        COALESCE(SUM(cost_nano), 0), SUM(input_tokens), SUM(output_tokens), SUM(cached_tokens), SUM(cache_write_tokens),
        SUM(reasoning_tokens), SUM(audio_input_tokens + audio_output_tokens)
        """;

    private Dimension? Grouped => Resolve(query.GroupBy);

    /// <summary>True when rollups can answer: no other dimension than the one they are read by is filtered or grouped by.</summary>
    public bool CanUseRollups => query.ThenBy is null
        && (query.Only.Count == 0 || (query.Only.Count == 1 && RollupDimension == Resolve(query.Only.Keys.First())));

    private Dimension? RollupDimension => Grouped ?? (query.Only.Count == 1 ? Resolve(query.Only.Keys.First()) : null);

    /// <summary>Sums by value and quarter-hour (0 without an interval), of whole quarter-hours.</summary>
    public IEnumerable<(SpendGroup Group, long BucketTicks, SpendSums Sums)> ReadRollups(long fromTicks, long toTicks)
    {
        var (value, bucket) = (Grouped is null ? "0" : "value_id", query.Interval is null && query.Columns is null ? "0" : "bucket_ticks");
        using var command = Command();
        var values = RollupDimension is { } dimension ? ValuesOf(command, dimension, "value_id") : "";
        command.CommandText = $"""
            SELECT {value}, 0, {bucket}, {RollupSums} FROM rollups
            WHERE workspace_id = $workspace AND kind = $kind AND bucket_ticks >= $from AND bucket_ticks < $to {Scope(command)} {values}
            GROUP BY 1, 2, 3
            """;
        Add(command, "$kind", (int)(RollupDimension?.KindOf() ?? DimensionKind.Total));
        return Read(command, fromTicks, toTicks);
    }

    /// <summary>The same from the requests, of any instants.</summary>
    public IEnumerable<(SpendGroup Group, long BucketTicks, SpendSums Sums)> ReadRequests(long fromTicks, long toTicks)
    {
        using var command = Command();
        command.CommandText = $"""
            SELECT {ColumnOrNone(Grouped)}, {ColumnOrNone(Resolve(query.ThenBy))}, {BucketColumn}, {RequestSums} FROM requests
            {Where(command)}
            GROUP BY 1, 2, 3
            """;
        return Read(command, fromTicks, toTicks);
    }

    /// <summary>Latency of every request, by value and quarter-hour.</summary>
    public IEnumerable<(SpendGroup Group, long BucketTicks, int LatencyMs)> ReadLatency(long fromTicks, long toTicks)
    {
        using var command = Command();
        command.CommandText = $"SELECT {ColumnOrNone(Grouped)}, {ColumnOrNone(Resolve(query.ThenBy))}, {BucketColumn}, latency_ms FROM requests {Where(command)}";
        AddRange(command, fromTicks, toTicks);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return (GroupOf(reader), reader.GetInt64(2), reader.GetInt32(3));
        }
    }

    /// <summary>Priced requests by endpoint and model.</summary>
    public IEnumerable<(long Endpoint, long Model, SpendCell Cell)> ReadCells(long fromTicks, long toTicks)
    {
        using var command = Command();
        command.CommandText = $"""
            SELECT endpoint_id, model_id, COUNT(*), SUM(input_tokens + output_tokens), SUM(cost_nano) FROM requests
            {Where(command)} AND cost_nano IS NOT NULL
            GROUP BY 1, 2
            """;
        AddRange(command, fromTicks, toTicks);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return (reader.GetInt64(0), reader.GetInt64(1), new SpendCell(reader.GetInt64(2), reader.GetInt64(3), new(reader.GetInt64(4))));
        }
    }

    /// <summary>Prompt versions by endpoint, with the first occurrence of each.</summary>
    public IEnumerable<(long Endpoint, long Version, long FirstTicks, SpendSums Sums, CostSample Sample)> ReadVersions(long fromTicks, long toTicks)
    {
        var sums = ReadRequests(fromTicks, toTicks).ToDictionary(row => row.Group, row => row.Sums);
        using var command = Command();
        command.CommandText = $"""
            SELECT endpoint_id, version_id, MIN(occurred_ticks),
              SUM(CASE WHEN occurred_ticks >= $start THEN 1.0 * cost_nano * cost_nano ELSE 0 END)
            FROM requests {Where(command)} GROUP BY 1, 2
            """;
        AddRange(command, 0, toTicks);
        Add(command, "$start", fromTicks);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (sums.TryGetValue(GroupOf(reader), out var found))
            {
                var squared = reader.IsDBNull(3) ? 0 : reader.GetDouble(3) / Core.Usd.NanoPerDollar / Core.Usd.NanoPerDollar;
                yield return (
                    reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), found,
                    new CostSample(found.Requests - found.Unpriced, (double)found.Priced.Dollars, squared));
            }
        }
    }

    /// <summary>The texts of dimension values.</summary>
    public Dictionary<long, string> ReadTexts(IReadOnlyCollection<long> ids)
    {
        var texts = new Dictionary<long, string>(ids.Count);
        foreach (var chunk in ids.Where(id => id != 0).Chunk(500))
        {
            using var command = Command();
            command.CommandText = $"SELECT id, text FROM dimensions WHERE id IN ({string.Join(',', chunk)})";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                texts[reader.GetInt64(0)] = reader.GetString(1);
            }
        }

        return texts;
    }

    private static string ColumnOrNone(Dimension? dimension) => dimension is { } present ? $"COALESCE({ColumnOf(present)}, 0)" : "0";

    private static SpendGroup GroupOf(DbDataReader reader) => new(reader.GetInt64(0), reader.GetInt64(1));

    private string BucketColumn =>
        query.Interval is null && query.Columns is null ? "0" : $"occurred_ticks - occurred_ticks % {RollupKey.Bucket.Ticks}";

    private string Where(DbCommand command)
    {
        var filters = query.Only.Keys.Select(dimension => ValuesOf(command, Resolve(dimension)!.Value, ColumnOf(Resolve(dimension)!.Value)));
        return $"""
            WHERE workspace_id = $workspace AND occurred_ticks >= $from AND occurred_ticks < $to AND disposition = 0
            {Scope(command)} {string.Join(' ', filters)}
            """;
    }

    private string Scope(DbCommand command)
    {
        var text = "";
        if (query.Environment is { } environment)
        {
            Add(command, "$environment", (int)environment);
            text += " AND environment = $environment";
        }

        if (query.DataMode is { } mode)
        {
            Add(command, "$mode", (int)mode);
            text += " AND data_mode = $mode";
        }

        return text;
    }

    /// <summary>Limits a column to the values asked for, of which some may never have been seen.</summary>
    private string ValuesOf(DbCommand command, Dimension dimension, string column)
    {
        var asked = query.Only.Where(only => Resolve(only.Key) == dimension).SelectMany(only => only.Value).ToArray();
        if (asked.Length == 0)
        {
            return "";
        }

        var names = asked.Select((value, index) =>
        {
            var name = $"$value_{column}_{index}";
            Add(command, name, value);
            return name;
        });
        return $"""
            AND {column} IN (SELECT id FROM dimensions
                WHERE workspace_id = $workspace AND kind = {(int)dimension.KindOf()} AND text IN ({string.Join(',', names)}))
            """;
    }

    /// <summary>Where senders put the tenant in userId, that is where a tenant is read.</summary>
    private Dimension? Resolve(Dimension? dimension) => dimension == Dimension.TenantId ? tenants ?? dimension : dimension;

    private static string ColumnOf(Dimension dimension) => dimension switch
    {
        Dimension.EndpointTag => "endpoint_id",
        Dimension.UserId => "user_id",
        Dimension.TenantId => "tenant_id",
        Dimension.Provider => "provider_id",
        Dimension.Model => "model_id",
        Dimension.PromptVersion => "version_id",
        Dimension.ApiKey => "key_id",
    };

    private List<(SpendGroup Group, long BucketTicks, SpendSums Sums)> Read(DbCommand command, long fromTicks, long toTicks)
    {
        AddRange(command, fromTicks, toTicks);
        using var reader = command.ExecuteReader();
        var rows = new List<(SpendGroup Group, long BucketTicks, SpendSums Sums)>();
        while (reader.Read())
        {
            rows.Add((GroupOf(reader), reader.GetInt64(2), new SpendSums(
                reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), new(reader.GetInt64(6)), reader.GetInt64(7),
                reader.GetInt64(8), reader.GetInt64(9), reader.GetInt64(10), reader.GetInt64(11), reader.GetInt64(12))));
        }

        return rows;
    }

    private DbCommand Command()
    {
        var command = connection.CreateCommand();
        command.Transaction = snapshot;
        return command;
    }

    private void AddRange(DbCommand command, long fromTicks, long toTicks)
    {
        Add(command, "$workspace", query.WorkspaceId);
        Add(command, "$from", fromTicks);
        Add(command, "$to", toTicks);
    }

    private static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
