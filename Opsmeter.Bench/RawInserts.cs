using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Storage;

namespace Opsmeter.Bench;

/// <summary>
/// The ceiling of batches: the same rows into the same table with the same index and durability, by the prepared statement
/// alone. Nothing is parsed, priced, counted, chained or answered.
/// </summary>
internal sealed class RawInserts : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly SqliteConnection _connection;
    private readonly LedgerStatements _statements;
    private readonly LedgerRow _row;
    private long _seq;
    private long _number;

    public RawInserts()
    {
        var file = Path.Combine(_folder.Path, StorageOptions.DatabaseFile);
        _connection = new SqliteConnection($"Data Source={file};Pooling=False");
        using (var db = new OpsmeterDb(new DbContextOptionsBuilder<OpsmeterDb>().UseSqlite($"Data Source={file};Pooling=False").Options))
        {
            db.Database.Migrate();
        }

        _connection.Open();
        Run("PRAGMA journal_mode=WAL");
        Run("PRAGMA synchronous=FULL");
        Run("PRAGMA cache_size=-16000");
        Run("PRAGMA foreign_keys=OFF");
        _statements = new LedgerStatements(_connection);
        var request = new LlmRequest
        {
            ExternalRequestId = "req_0", Provider = "openai", Model = "gpt-5-mini", EndpointTag = "billing.guardrail_check", PromptVersion = "budget_v1",
            UserId = "tenant_acme_hash", Usage = new TokenUsage(240, 80), LatencyMs = 892, OccurredAt = TimeProvider.System.GetUtcNow(),
            DataMode = DataMode.Real, Environment = DeploymentEnvironment.Prod,
        };
        _row = new LedgerRow { Row = new PricedRow(request, "openai", new Usd(220_000)) };
    }

    /// <summary>Inserts for some seconds.</summary>
    /// <returns>Rows a second.</returns>
    public double Measure(int seconds, int rows, bool isRandom)
    {
        var stored = new StoredRow { ProviderSentId = 1, ProviderId = 2, ModelId = 3, EndpointId = 4, VersionId = 5, UserId = 6, Usage = new TokenUsage(240, 80), Cost = new Usd(220_000), OccurredAt = _row.Row.Request.OccurredAt };
        var chain = new byte[LedgerChain.Bytes];
        var (started, count) = (Stopwatch.StartNew(), 0L);
        while (started.Elapsed.TotalSeconds < seconds)
        {
            Run("BEGIN IMMEDIATE");
            for (var i = 0; i < rows; i++)
            {
                var number = ++_number;
                var id = $"req_{(isRandom ? LoadGenerator.Scatter(number) : number):D12}";
                var row = new LedgerRow { Row = _row.Row with { Request = _row.Row.Request with { ExternalRequestId = id } } };
                _statements.Insert(++_seq, 1, 1, _seq, row, stored, chain);
            }

            Run("COMMIT");
            count += rows;
        }

        return count / started.Elapsed.TotalSeconds;
    }

    public void Dispose()
    {
        _statements.Dispose();
        _connection.Dispose();
        _folder.Dispose();
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
