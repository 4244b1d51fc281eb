namespace Opsmeter.Bench;

/// <summary>How long a caller waits for a decision that holds its estimate, while others report.</summary>
internal static class HeldDecisions
{
    private const int Connections = 8;
    private const int Seconds = 15;
    private const int WarmUpSeconds = 5;
    private const int IngestRate = 1_000;
    private const int IngestConnections = 16;
    private const double GoalMs = 15;

    private const string Question = """{"externalRequestId":"ask_000000000000","endpointTag":"billing.guardrail_check","userId":"tenant_acme_hash","provider":"openai","model":"gpt-5-mini","promptVersion":"budget_v1","estimatedInputTokens":240,"maxOutputTokens":80,"holdSeconds":30}""";

    public static async Task<int> RunAsync()
    {
        await using var server = await BenchProcess.StartAsync();
        var address = server.Address;
        await Throughput.MakeBudgetsAsync(address);
        await BothAsync(address, WarmUpSeconds);
        var (decisions, ingest) = await BothAsync(address, Seconds);
        Figures.Say($"Ingested meanwhile, {IngestConnections} connections", $"{ingest.Rate:N0}/s, p99 {ingest.P99:N1} ms");
        Figures.Say($"Decisions with a hold, {Connections} connections", $"{decisions.Rate:N0}/s");
        return Figures.Judge("Ingest rate held", $"{ingest.Rate:N0}/s", $">= {IngestRate * 0.98:N0}/s", ingest.Rate >= IngestRate * 0.98)
            | Figures.Judge("Decision with a hold, p99", $"{decisions.P99:N1} ms", $"<= {GoalMs:N0} ms", decisions.P99 <= GoalMs);
    }

    private static async Task<((double Rate, double P99) Decisions, (double Rate, double P99) Ingest)> BothAsync(Uri address, int seconds)
    {
        var ingest = Throughput.LoadAsync(address, "/v1/ingest/llm-request", Throughput.Row, IngestConnections, seconds, IngestRate);
        var decisions = Throughput.LoadAsync(address, "/v1/decisions", Question, Connections, seconds, rate: 0);
        return (await decisions, await ingest);
    }
}
