using System.Globalization;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench;

/// <summary>
/// All figures of speed in one run, as shares of a ceiling in the same round, written to <c>docs/performance.md</c>. Rounds in
/// which others on the host took more than a tenth of the processors are thrown away; the median of the rest counts.
/// </summary>
internal static class PerformanceReport
{
    private const string Ingest = "/v1/ingest/llm-request";
    private const string Batch = "/v1/ingest/llm-requests";
    private const string Decide = "/v1/decisions";
    private const int WarmUpSeconds = 20;
    private const int WarmUps = 2;
    private const int Rounds = 5;
    private const int MostRounds = 12;
    private const int Seconds = 3;
    private const int RowsInBatch = 1_000;
    private const int BatchConnections = 8;
    private const double MostSteal = 0.10;

    /// <summary>Measures and writes.</summary>
    /// <param name="folder">Where stores of one and of ten million requests are, or are made; null to leave out what needs them.</param>
    public static async Task<int> RunAsync(string? folder)
    {
        using var published = folder is null ? null : await PublishedApp.UseAsync();
        await using var server = await BenchProcess.StartAsync();
        await using var full = folder is null ? null : await FullStores.InAsync(folder);
        using var raw = new RawInserts();
        using var postgres = await PostgresInserts.StartAsync();
        var address = server.Address;
        await Throughput.MakeBudgetsAsync(address);
        await WarmUpAsync(address);
        var starts = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        await (full?.StartAsync(starts) ?? Task.CompletedTask);
        var (steal, rounds, thrown) = (new CpuSteal(), new List<Dictionary<string, double>>(), 0);
        for (var round = 0; rounds.Count < Rounds && round < MostRounds; round++)
        {
            steal.Take();
            var measured = await RoundAsync(address, full, raw, postgres);
            var stolen = steal.Take();
            Console.WriteLine($"round {round}: {stolen:P0} stolen, " + string.Join(", ", measured.Select(entry => $"{entry.Key} {entry.Value:N0}")));
            if (stolen > MostSteal)
            {
                thrown++;
            }
            else
            {
                rounds.Add(measured);
            }
        }

        if (rounds.Count == 0)
        {
            await Console.Error.WriteLineAsync("Others on the host took the processors in every round; nothing is written.");
            return 1;
        }

        var text = new PerformanceText(rounds, starts, thrown).Write();
        await File.WriteAllTextAsync(Path.Combine(Repository.Root, "docs", "performance.md"), text);
        Console.WriteLine(text);
        return 0;
    }

    // What runs for days is measured, not how soon it is compiled: that is in the time of a start, and in the gap of a restart.
    // Twice: under full load the compiler takes longer for all of one kind than that kind is sent.
    private static async Task WarmUpAsync(Uri address)
    {
        for (var i = 0; i < WarmUps; i++)
        {
            foreach (var path in new[] { Ingest, BenchServer.Ceiling, BenchServer.NoOp, Decide })
            {
                await Throughput.LoadAsync(address, path, OpsmeterProcess.ApiKey, path == Decide || path == BenchServer.NoOp ? Throughput.Question : Throughput.Row, 64, WarmUpSeconds, rate: 0);
            }

            await Throughput.LoadAsync(address, Batch, OpsmeterProcess.ApiKey, Throughput.Row, BatchConnections, WarmUpSeconds, rate: 0, RowsInBatch);
        }
    }

    private static async Task<Dictionary<string, double>> RoundAsync(Uri address, FullStores? full, RawInserts raw, PostgresInserts? postgres)
    {
        // Batches come last: the log of random ids is being brought into the database for seconds after them.
        var measured = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["noOp64"] = await RateAsync(address, BenchServer.NoOp, 64, body: Throughput.Question),
            ["decide64"] = await RateAsync(address, Decide, 64, body: Throughput.Question),
            ["evaluateNs"] = await EvaluateAsync(address),
        };

        // At the same rate each, what answers at once: how much of it the machine takes.
        var decideRate = measured["decide64"] / 4;
        measured["noOpP99"] = await P99Async(address, BenchServer.NoOp, Throughput.Question, decideRate);
        measured["decideP99"] = await P99Async(address, Decide, Throughput.Question, decideRate);
        measured["parse64"] = await RateAsync(address, BenchServer.Ceiling, 64);
        measured["ordered64"] = await RateAsync(address, Ingest, 64);
        var ingestRate = measured["ordered64"] / 4;
        measured["parseP99"] = await P99Async(address, BenchServer.Ceiling, Throughput.Row, ingestRate);
        measured["ingestP99"] = await P99Async(address, Ingest, Throughput.Row, ingestRate);
        measured["random64"] = await RateAsync(address, Ingest, 64, isRandom: true);
        measured["parse256"] = await RateAsync(address, BenchServer.Ceiling, 256);
        measured["ordered256"] = await RateAsync(address, Ingest, 256);
        measured["random256"] = await RateAsync(address, Ingest, 256, isRandom: true);
        measured["batchOrdered"] = RowsInBatch * await RateAsync(address, Batch, BatchConnections, RowsInBatch);
        measured["rawOrdered"] = raw.Measure(Seconds, RowsInBatch, isRandom: false);
        measured["rawRandom"] = raw.Measure(Seconds, RowsInBatch, isRandom: true);
        measured["batchRandom"] = RowsInBatch * await RateAsync(address, Batch, BatchConnections, RowsInBatch, isRandom: true);
        measured["ingestWakeP99"] = await P99Async(address, Ingest, Throughput.Row, ingestRate);
        await (full?.MeasureAsync(measured, Seconds) ?? Task.CompletedTask);
        if (postgres is not null)
        {
            measured["postgres64"] = await postgres.MeasureAsync(64, Seconds, 1, isRandom: false);
            measured["postgresRandom64"] = await postgres.MeasureAsync(64, Seconds, 1, isRandom: true);
            measured["postgresBatch"] = await postgres.MeasureAsync(BatchConnections, Seconds, RowsInBatch, isRandom: false);
            measured["postgresBatchRandom"] = await postgres.MeasureAsync(BatchConnections, Seconds, RowsInBatch, isRandom: true);
        }

        return measured;
    }

    private static async Task<double> RateAsync(Uri address, string path, int connections, int rows = 1, bool isRandom = false, string body = Throughput.Row)
    {
        var (rate, refused, _) = await Throughput.LoadAsync(address, path, OpsmeterProcess.ApiKey, body, connections, Seconds, rate: 0, rows, isRandom);
        return refused == 0 ? rate : throw new InvalidOperationException($"{path} was not always answered 200: {refused} times otherwise");
    }

    private static async Task<double> P99Async(Uri address, string path, string body, double rate) =>
        (await Throughput.LoadAsync(address, path, OpsmeterProcess.ApiKey, body, 64, Seconds, (int)rate)).P99;

    private static async Task<double> EvaluateAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Add("X-API-Key", OpsmeterProcess.ApiKey);
        using var answer = await client.PostAsync(BenchServer.Evaluate, null);
        return double.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync(), CultureInfo.InvariantCulture);
    }
}
