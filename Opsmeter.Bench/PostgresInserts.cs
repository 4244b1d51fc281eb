using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench;

/// <summary>
/// What a team would write instead: its apps insert the rows straight into PostgreSQL, with an id that makes a repetition
/// harmless. A server of its own, as it comes, which confirms what is on disk; the load from a process of its own.
/// </summary>
internal sealed class PostgresInserts : IDisposable
{
    private const string Insert = """
        INSERT INTO requests (external_id, provider, model, endpoint_tag, prompt_version, user_id, input_tokens, output_tokens, cost_nano, latency_ms,
          is_error, data_mode, environment, occurred_at)
        """;

    private readonly TestFolder _folder = new();
    private readonly string _programs;

    private PostgresInserts(string programs) => _programs = programs;

    /// <summary>Starts a server, or returns null where PostgreSQL is not installed.</summary>
    public static async Task<PostgresInserts?> StartAsync()
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")).FirstOrDefault(bin => File.Exists(Path.Combine(bin, "initdb")))
            : null;
        if (programs is null)
        {
            return null;
        }

        var postgres = new PostgresInserts(programs);
        await postgres.OpenAsync();
        return postgres;
    }

    private string Data => Path.Combine(_folder.Path, "postgres");

    private string ConnectionString => $"Host={_folder.Path};Username=postgres;Database=postgres;Maximum Pool Size=256";

    /// <summary>Inserts for some seconds.</summary>
    /// <param name="connections">How many at a time.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="rows">How many rows a statement has.</param>
    /// <param name="isRandom">True for ids in no order.</param>
    /// <returns>Rows a second.</returns>
    public async Task<double> MeasureAsync(int connections, int seconds, int rows, bool isRandom)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                typeof(PostgresInserts).Assembly.Location, "postgres-load", ConnectionString, connections.ToString(CultureInfo.InvariantCulture),
                seconds.ToString(CultureInfo.InvariantCulture), rows.ToString(CultureInfo.InvariantCulture), isRandom ? "random" : "ordered",
            ]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? double.Parse(said, CultureInfo.InvariantCulture) : throw new InvalidOperationException("The load on PostgreSQL failed.");
    }

    /// <summary>The load, in its own process: prints rows a second.</summary>
    public static async Task<int> LoadAsync(string connectionString, int connections, int seconds, int rows, bool isRandom)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        var first = Stopwatch.GetTimestamp() % 1_000_000_000 * 1000;
        var number = first;
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var command = rows == 1 ? await PrepareOneAsync(connection) : await PrepareManyAsync(connection);
            while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
            {
                var last = Interlocked.Add(ref number, rows);
                var ids = Enumerable.Range(0, rows).Select(i => Id(last - i, isRandom)).ToArray();
                command.Parameters[0].Value = rows == 1 ? ids[0] : ids;
                await command.ExecuteNonQueryAsync();
            }
        })));
        Console.WriteLine(((number - first) / Stopwatch.GetElapsedTime(started).TotalSeconds).ToString("F1", CultureInfo.InvariantCulture));
        return 0;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Run("pg_ctl", "stop", "--mode=immediate", "--wait", "-D", Data);
        _folder.Dispose();
    }

    private async Task OpenAsync()
    {
        if (Environment.UserName == "root")
        {
            // The server refuses to run as root.
            Execute("chown", ["postgres", _folder.Path]);
        }

        Run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "-D", Data);
        Run("pg_ctl", "start", "--wait", "-D", Data, "-l", Path.Combine(_folder.Path, "log"), "-o", $"-c listen_addresses= -c unix_socket_directories={_folder.Path} -c max_connections=300");
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand("""
            CREATE TABLE requests (external_id text PRIMARY KEY, provider text NOT NULL, model text NOT NULL, endpoint_tag text NOT NULL,
              prompt_version text NOT NULL, user_id text, input_tokens bigint NOT NULL, output_tokens bigint NOT NULL, cost_nano bigint, latency_ms int NOT NULL,
              is_error boolean NOT NULL, data_mode smallint NOT NULL, environment smallint NOT NULL, occurred_at timestamptz NOT NULL)
            """);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<NpgsqlCommand> PrepareOneAsync(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand($"{Insert} VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14) ON CONFLICT DO NOTHING", connection);
        foreach (var value in new object[] { "", "openai", "gpt-5-mini", "billing.guardrail_check", "budget_v1", "tenant_acme_hash", 240L, 80L, 220_000L, 892, false, (short)0, (short)0, Occurred })
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await command.PrepareAsync();
        return command;
    }

    // One array goes over the wire, the other values are the same in each row: less work than a team's own batches would be.
    private static async Task<NpgsqlCommand> PrepareManyAsync(NpgsqlConnection connection)
    {
        var command = new NpgsqlCommand(
            $"{Insert} SELECT id, 'openai', 'gpt-5-mini', 'billing.guardrail_check', 'budget_v1', 'tenant_acme_hash', 240, 80, 220000, 892, false, 0, 0, now() FROM unnest($1) AS id ON CONFLICT DO NOTHING",
            connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [""] });
        await command.PrepareAsync();
        return command;
    }

    private static DateTime Occurred => TimeProvider.System.GetUtcNow().UtcDateTime;

    private static string Id(long number, bool isRandom) =>
        string.Create(CultureInfo.InvariantCulture, $"req_{(isRandom ? LoadGenerator.Scatter(number % 1_000_000_000_000) : number):D12}");

    private void Run(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        if (Environment.UserName == "root")
        {
            Execute("runuser", ["-u", "postgres", "--", path, .. arguments]);
        }
        else
        {
            Execute(path, arguments);
        }
    }

    private static void Execute(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        if (!program.EndsWith("runuser", StringComparison.Ordinal) || !arguments.Contains("start"))
        {
            process.StandardOutput.ReadToEnd();
        }

        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
        }
    }
}
