using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Storage;

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
    private const int WarmUps = 1;
    private const int Rounds = 5;
    private const int MostRounds = 12;
    private const int Seconds = 3;
    private const int RowsInBatch = 1_000;
    private const int BatchConnections = 8;
    private const double MostSteal = 0.10;

    /// <summary>Measures and writes.</summary>
    /// <param name="fullFolder">A folder full of requests, or null to leave out what needs one. Requests are added to it.</param>
    public static async Task<int> RunAsync(string? fullFolder)
    {
        await using var server = new BenchServer();
        await using var full = fullFolder is null ? null : new BenchServer(fullFolder);
        using var raw = new RawInserts();
        var address = await server.StartAsync();
        var fullAddress = full is null ? null : await full.StartAsync();
        await Throughput.MakeBudgetsAsync(address);
        var (steal, rounds, thrown) = (new CpuSteal(), new List<Dictionary<string, double>>(), 0);
        for (var round = -WarmUps; rounds.Count < Rounds && round < MostRounds; round++)
        {
            steal.Take();
            var measured = await RoundAsync(address, fullAddress, raw, server);
            var stolen = steal.Take();
            Console.WriteLine($"round {round}: {stolen:P0} stolen, " + string.Join(", ", measured.Select(entry => $"{entry.Key} {entry.Value:N0}")));
            if (stolen > MostSteal)
            {
                thrown++;
            }
            else if (round >= 0)
            {
                rounds.Add(measured);
            }
        }

        if (rounds.Count == 0)
        {
            await Console.Error.WriteLineAsync("Others on the host took the processors in every round; nothing is written.");
            return 1;
        }

        var text = Write(rounds, thrown);
        await File.WriteAllTextAsync(Path.Combine(Root(), "docs", "performance.md"), text);
        Console.WriteLine(text);
        return 0;
    }

    private static async Task<Dictionary<string, double>> RoundAsync(Uri address, Uri? full, RawInserts raw, BenchServer server)
    {
        var measured = new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["parse64"] = await RateAsync(address, BenchServer.Ceiling, 64),
            ["ordered64"] = await RateAsync(address, Ingest, 64),
            ["random64"] = await RateAsync(address, Ingest, 64, isRandom: true),
            ["parse256"] = await RateAsync(address, BenchServer.Ceiling, 256),
            ["ordered256"] = await RateAsync(address, Ingest, 256),
            ["random256"] = await RateAsync(address, Ingest, 256, isRandom: true),
            ["batchOrdered"] = RowsInBatch * await RateAsync(address, Batch, BatchConnections, RowsInBatch),
            ["rawOrdered"] = raw.Measure(Seconds, RowsInBatch, isRandom: false),
            ["batchRandom"] = RowsInBatch * await RateAsync(address, Batch, BatchConnections, RowsInBatch, isRandom: true),
            ["rawRandom"] = raw.Measure(Seconds, RowsInBatch, isRandom: true),
            ["noOp64"] = await RateAsync(address, BenchServer.NoOp, 64, body: Throughput.Question),
            ["decide64"] = await RateAsync(address, Decide, 64, body: Throughput.Question),
            ["evaluateNs"] = Evaluate(server),
        };
        measured["ingestP99"] = await P99Async(address, Ingest, Throughput.Row, measured["ordered64"] / 4);
        measured["decideP99"] = await P99Async(address, Decide, Throughput.Question, measured["decide64"] / 4);
        if (full is not null)
        {
            measured["fullOrdered64"] = await RateAsync(full, Ingest, 64);
            measured["fullRandom64"] = await RateAsync(full, Ingest, 64, isRandom: true);
        }

        measured["residentMb"] = Environment.WorkingSet / 1e6;
        return measured;
    }

    private static async Task<double> RateAsync(Uri address, string path, int connections, int rows = 1, bool isRandom = false, string body = Throughput.Row)
    {
        var (rate, refused, _) = await Throughput.LoadAsync(address, path, OpsmeterProcess.ApiKey, body, connections, Seconds, rate: 0, rows, isRandom);
        return refused == 0 ? rate : throw new InvalidOperationException($"{path} was not always answered 200: {refused} times otherwise");
    }

    private static async Task<double> P99Async(Uri address, string path, string body, double rate) =>
        (await Throughput.LoadAsync(address, path, OpsmeterProcess.ApiKey, body, 64, Seconds, (int)rate)).P99;

    // One evaluation against the hundred budgets that the server has, without HTTP.
    private static double Evaluate(BenchServer server)
    {
        const int Times = 200_000;
        var board = server.Services.GetRequiredService<Boards>()[Store.WorkspaceId];
        var query = new DecisionQuery
        {
            Dimensions = new Dimensions
            {
                EndpointTag = "billing.guardrail_check", UserId = "tenant_acme_hash", TenantId = "tenant_acme_hash", Provider = "openai", Model = "gpt-5-mini",
                PromptVersion = "budget_v1", Environment = DeploymentEnvironment.Prod,
            },
        };
        var now = TimeProvider.System.GetUtcNow();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Times; i++)
        {
            DecisionEngine.Decide(board, query, now);
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / Times;
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Opsmeter.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The repository was not found above the benchmark.");
        }

        return folder.FullName;
    }

    private static string Write(List<Dictionary<string, double>> rounds, int thrown)
    {
        var (text, isFull) = (new StringBuilder(), rounds[0].ContainsKey("fullOrdered64"));
        text.Append(CultureInfo.InvariantCulture, $"""
            # Performance

            Written by `dotnet run -c Release --project Opsmeter.Bench -- report{(isFull ? " FOLDER" : "")}` on {TimeProvider.System.GetUtcNow():yyyy-MM-dd}: {Environment.ProcessorCount} processors,
            {RuntimeInformation.OSDescription.Split(' ')[0]}, .NET {Environment.Version}, the load from a process on the same machine. {rounds.Count} rounds of {Seconds} s for each figure, one figure after the
            other in each round; the median of the rounds' own ratios counts. {thrown} rounds were thrown away because others on the host took
            more than {MostSteal:P0} of the processors. What the ceilings are: [decisions/0004](decisions/0004-what-the-benchmark-compares.md).

            | figure | measured | share | goal | |
            | --- | --- | --- | --- | --- |

            """);
        Line("a request that is parsed and answered, 64 connections", "parse64", null, null);
        Line("durable ingest, ordered ids, 64 connections", "ordered64", "parse64", 0.45);
        Line("durable ingest, random ids, 64 connections", "random64", "parse64", 0.45);
        Line("a request that is parsed and answered, 256 connections", "parse256", null, null);
        Line("durable ingest, ordered ids, 256 connections", "ordered256", "parse256", 0.60);
        Line("durable ingest, random ids, 256 connections", "random256", "parse256", 0.60);
        Line("raw inserts, 1,000 a transaction, ordered ids (rows)", "rawOrdered", null, null);
        Line("batches of 1,000, ordered ids (rows)", "batchOrdered", "rawOrdered", 0.45);
        Line("raw inserts, 1,000 a transaction, random ids (rows)", "rawRandom", null, null);
        Line("batches of 1,000, random ids (rows)", "batchRandom", "rawRandom", 0.45);
        Line("an endpoint that only answers, 64 connections", "noOp64", null, null);
        Line("decisions with 100 budgets, without holds", "decide64", "noOp64", 0.70);
        if (isFull)
        {
            Line("durable ingest into the full store, ordered ids", "fullOrdered64", "ordered64", 0.80);
            Line("durable ingest into the full store, random ids", "fullRandom64", "fullOrdered64", 0.60);
        }

        Limit("one evaluation against 100 budgets, in the process", "evaluateNs", 2_000, "ns");
        Limit("ingest at a quarter of its peak, p99", "ingestP99", 25, "ms");
        Limit("decisions at a quarter of their peak, p99", "decideP99", 5, "ms");
        Limit("resident memory at the end, the benchmark's own included", "residentMb", 350, "MB");
        text.Append("\nWhat is counted as met is what this run measured; figures move by some 15 % from one run to the next.\n");
        return text.ToString();

        void Line(string name, string figure, string? ceiling, double? goal)
        {
            var value = Figures.Median(rounds.Select(round => round[figure]));
            var share = ceiling is null ? (double?)null : Figures.Median(rounds.Select(round => round[figure] / round[ceiling]));
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {value:N0}/s | {share?.ToString("P0", CultureInfo.InvariantCulture)} | {(goal is null ? "" : $"≥ {goal:P0}")} | {(goal is null ? "" : share >= goal ? "met" : "missed")} |\n");
        }

        void Limit(string name, string figure, double most, string unit)
        {
            var value = Figures.Median(rounds.Select(round => round[figure]));
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {value:N1} {unit} | | ≤ {most:N0} {unit} | {(value <= most ? "met" : "missed")} |\n");
        }
    }
}
