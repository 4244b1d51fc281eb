using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench;

/// <summary>Single durable ingest, and decisions with 100 budgets, each as a share of its ceiling in the same run.</summary>
internal static class Throughput
{
    private const int Connections = 64;
    private const int WarmUps = 6;
    private const int Rounds = 5;
    private const int Seconds = 5;
    private const int Budgets = 100;
    private const double IngestGoal = 0.45;
    private const double DecisionGoal = 0.70;

    /// <summary>A request as apps report it.</summary>
    public const string Row = """{"externalRequestId":"req_000000000000","provider":"openai","model":"gpt-5-mini","endpointTag":"billing.guardrail_check","promptVersion":"budget_v1","userId":"tenant_acme_hash","inputTokens":240,"outputTokens":80,"latencyMs":892,"status":"success","dataMode":"real","environment":"prod"}""";

    /// <summary>A question before a call.</summary>
    public const string Question = """{"endpointTag":"billing.guardrail_check","userId":"tenant_acme_hash","provider":"openai","model":"gpt-5-mini","promptVersion":"budget_v1"}""";

    public static async Task<int> RunAsync()
    {
        await using var server = await BenchProcess.StartAsync();
        var address = server.Address;
        await MakeBudgetsAsync(address);
        var rounds = new List<(double Ceiling, double Ingest, double NoOp, double Decisions)>();
        for (var round = -WarmUps; round < Rounds; round++)
        {
            var measured = (await LoadAsync(address, BenchServer.Ceiling, Row), await LoadAsync(address, "/v1/ingest/llm-request", Row),
                await LoadAsync(address, BenchServer.NoOp, Question), await LoadAsync(address, "/v1/decisions", Question));
            if (round >= 0)
            {
                rounds.Add(measured);
            }
        }

        Figures.Say($"Ceiling: parse and answer, {Connections} connections", $"{Figures.Median(rounds.Select(round => round.Ceiling)):N0}/s");
        Figures.Say("Durable ingest, everything on", $"{Figures.Median(rounds.Select(round => round.Ingest)):N0}/s");
        Figures.Say("An endpoint that only answers", $"{Figures.Median(rounds.Select(round => round.NoOp)):N0}/s");
        Figures.Say($"Decisions with {Budgets} budgets", $"{Figures.Median(rounds.Select(round => round.Decisions)):N0}/s");

        // Each round's own ratio: what else the machine does changes from round to round.
        var ingest = Figures.Median(rounds.Select(round => round.Ingest / round.Ceiling));
        var decisions = Figures.Median(rounds.Select(round => round.Decisions / round.NoOp));
        return Figures.Judge("Ingest ÷ ceiling", $"{ingest:P1}", $">= {IngestGoal:P0}", ingest >= IngestGoal)
            | Figures.Judge("Decisions ÷ only answering", $"{decisions:P1}", $">= {DecisionGoal:P0}", decisions >= DecisionGoal);
    }

    /// <summary>Budgets as a workspace has them: a few for everything, the others for single endpoints, some per tenant or user.</summary>
    public static async Task MakeBudgetsAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Add("X-API-Key", OpsmeterProcess.ApiKey);
        for (var i = 0; i < Budgets; i++)
        {
            var endpoint = i switch { < 4 => null, < 8 => "billing.*", _ => $"endpoint.{i}" };
            using var answer = await client.PostAsJsonAsync("/v1/budgets", new
            {
                name = $"Budget {i}", limitUsd = 1_000_000, window = new { kind = i % 2 == 0 ? "day" : "month" },
                conditions = endpoint is null ? [] : new[] { new { dimension = "endpointTag", values = new[] { endpoint } } },
                per = i % 4 == 3 ? "userId" : null, owner = OpsmeterProcess.AdminEmail, escalation = "default",
            });
            answer.EnsureSuccessStatusCode();
        }
    }

    /// <summary>Posts one body for some seconds from a process of its own.</summary>
    /// <returns>Requests answered 200 a second.</returns>
    public static async Task<double> LoadAsync(Uri address, string path, string body) => (await LoadAsync(address, path, body, Connections, Seconds, rate: 0)).Rate;

    /// <summary>Posts one body for some seconds from a process of its own.</summary>
    /// <returns>Requests answered 200 a second, and the 99th percentile of their times in milliseconds.</returns>
    public static async Task<(double Rate, double P99)> LoadAsync(Uri address, string path, string body, int connections, int seconds, int rate)
    {
        var (answered, refused, p99) = await LoadAsync(address, path, OpsmeterProcess.ApiKey, body, connections, seconds, rate);
        return refused == 0 ? (answered, p99) : throw new InvalidOperationException($"{path} was not always answered 200: {refused} times otherwise");
    }

    /// <summary>Posts one body with a key for some seconds from a process of its own.</summary>
    /// <returns>Requests answered 200 a second, how many were answered otherwise, and the 99th percentile of the former's times in milliseconds.</returns>
    public static async Task<(double Rate, long Refused, double P99)> LoadAsync(
        Uri address, string path, string key, string body, int connections, int seconds, int rate, int rows = 1, bool isRandom = false)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [
                typeof(Throughput).Assembly.Location, "load", address.ToString(), connections.ToString(CultureInfo.InvariantCulture),
                seconds.ToString(CultureInfo.InvariantCulture), path, key, body, rate.ToString(CultureInfo.InvariantCulture),
                rows.ToString(CultureInfo.InvariantCulture), isRandom ? "random" : "ordered",
            ]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var said = (await process.StandardOutput.ReadToEndAsync()).Split(' ');
        await process.WaitForExitAsync();
        return process.ExitCode == 0 && said.Length == 3
            ? (double.Parse(said[0], CultureInfo.InvariantCulture), long.Parse(said[1], CultureInfo.InvariantCulture), double.Parse(said[2], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"The load on {path} failed: {string.Join(' ', said)}");
    }
}
