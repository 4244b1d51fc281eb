using Microsoft.Data.Sqlite;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Storage;

/// <summary>Reads requests again, as they were counted, in order of (occurred, sequence); on connections of its own.</summary>
public sealed class LedgerHistory(StorageOptions options, ValueTexts texts, FactStore store)
{
    /// <summary>Reads the counted requests that some budget may count.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="range">From, inclusive, to, exclusive.</param>
    /// <param name="policy">The policy whose enabled budgets count.</param>
    /// <param name="skipped">Told of each request that none of them can count.</param>
    /// <param name="cancellation">Stops reading.</param>
    public IEnumerable<PricedRow> Read(
        int workspaceId, TimeWindow range, WorkspacePolicy policy, Action<DateTimeOffset> skipped, CancellationToken cancellation)
    {
        var known = new Dictionary<int, string>();
        var budgets = policy.Budgets.Where(budget => budget.Enabled).Select(budget => new Wanted(budget, policy.Settings.TenantFrom, TextOf)).ToArray();
        using var connection = new SqliteConnection(options.EffectiveConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT occurred_ticks, environment, data_mode, endpoint_id, provider_id, model_id, version_id, key_id, user_id, tenant_id,
                   provider_sent_id, service_tier, input_tokens, output_tokens, cached_tokens, cache_write_tokens,
                   cache_write1h_tokens, reasoning_tokens, audio_input_tokens, audio_output_tokens, cost_nano
            FROM requests
            WHERE workspace_id = $workspace AND occurred_ticks >= $from AND occurred_ticks < $to AND disposition = 0
            ORDER BY occurred_ticks, seq
            """;
        command.Parameters.AddWithValue("$workspace", workspaceId);
        command.Parameters.AddWithValue("$from", range.Start.UtcTicks);
        command.Parameters.AddWithValue("$to", range.End.UtcTicks);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var at = new DateTimeOffset(reader.GetInt64(0), TimeSpan.Zero);
            if (Array.Exists(budgets, budget => budget.Matches(reader)))
            {
                yield return RowOf(reader, at, TextOf);
            }
            else
            {
                skipped(at);
            }
        }

        string TextOf(int id)
        {
            if (!known.TryGetValue(id, out var text))
            {
                known[id] = text = texts.Of([id])[id];
            }

            return text;
        }
    }

    /// <summary>What a budget's conditions matched by the hour.</summary>
    public HourLookup HoursOf(int workspaceId, TenantSource tenants) => (budget, measure, hours) =>
        BudgetHours.Read(store, store[workspaceId], [], id => texts.Of([id])[id], tenants, budget, measure, hours);

    private static PricedRow RowOf(SqliteDataReader reader, DateTimeOffset at, Func<int, string> textOf) => new(
        new LlmRequest
        {
            // Nothing that is replayed depends on it.
            ExternalRequestId = "",
            OccurredAt = at,
            Environment = (DeploymentEnvironment)reader.GetInt32(1),
            DataMode = (DataMode)reader.GetInt32(2),
            EndpointTag = textOf(reader.GetInt32(3)),
            Model = textOf(reader.GetInt32(5)),
            PromptVersion = textOf(reader.GetInt32(6)),
            ApiKey = reader.IsDBNull(7) ? null : textOf(reader.GetInt32(7)),
            UserId = reader.IsDBNull(8) ? null : textOf(reader.GetInt32(8)),
            TenantId = reader.IsDBNull(9) ? null : textOf(reader.GetInt32(9)),
            Provider = textOf(reader.GetInt32(10)),
            ServiceTier = (ServiceTier)reader.GetInt32(11),
            Usage = new TokenUsage(
                reader.GetInt64(12), reader.GetInt64(13), reader.GetInt64(14), reader.GetInt64(15), reader.GetInt64(16),
                reader.GetInt64(17), reader.GetInt64(18), reader.GetInt64(19)),
        },
        textOf(reader.GetInt32(4)),
        reader.IsDBNull(20) ? null : new Usd(reader.GetInt64(20)));

    /// <summary>Whether a budget may count a row, by the ids in it.</summary>
    private sealed class Wanted(Budget budget, TenantSource tenants, Func<int, string> textOf)
    {
        private readonly ConditionIds[] _conditions = [.. budget.Conditions.Select(condition => new ConditionIds(condition, tenants, textOf))];

        public bool Matches(SqliteDataReader reader)
        {
            if (!budget.Environments.Contains((DeploymentEnvironment)reader.GetInt32(1)) || !budget.DataModes.Contains((DataMode)reader.GetInt32(2)))
            {
                return false;
            }

            foreach (var condition in _conditions)
            {
                var column = PlaceOf(condition.Column);
                if (reader.IsDBNull(column) || !condition.Matches(reader.GetInt32(column)))
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
