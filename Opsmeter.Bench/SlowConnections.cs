using Opsmeter.Tests.Support;

namespace Opsmeter.Bench;

/// <summary>How long others wait while thousands of connections are slow on purpose.</summary>
internal static class SlowConnections
{
    private const int Rate = 100;
    private const int WarmUpSeconds = 5;
    private const double GoalMs = 50;

    private const string Question = """{"endpointTag":"billing.guardrail_check","provider":"openai","model":"gpt-5-mini"}""";

    /// <summary>Measures, with the limits as they ship.</summary>
    /// <param name="connections">How many are slow; each that is closed comes back.</param>
    /// <param name="seconds">For how long.</param>
    public static async Task<int> RunAsync(int connections, int seconds)
    {
        using var folder = new TestFolder();
        await using var opsmeter = await OpsmeterProcess.StartAsync(folder.Path);
        using var client = opsmeter.Client();
        await OthersAsync(client, "warm", WarmUpSeconds);
        var alone = await OthersAsync(client, "alone", WarmUpSeconds);
        using var over = new CancellationTokenSource();
        var slow = new SlowSenders(opsmeter.Address, OpsmeterProcess.ApiKey, connections, comeBack: true);
        var sending = slow.RunAsync(over.Token);
        while (slow.Open < connections * 9 / 10)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }

        var answers = await OthersAsync(client, "beside", seconds);
        Figures.Say("Slow connections open at the end", $"{slow.Open:N0}; closed by the server {slow.Closed:N0} times, refused {slow.Refused:N0}");
        await over.CancelAsync();
        await sending;

        var times = answers.Select(answer => answer.Ms).ToList();
        var errors = answers.Count(answer => answer.Status is < 200 or > 299);
        Figures.Say("Others without them, p50 / p99 / max", Times(alone.Select(answer => answer.Ms)));
        Figures.Say($"Others beside {connections:N0}, {answers.Count:N0} calls, p50 / p99 / max", Times(times));
        var p99 = Figures.Percentile(times, 0.99);
        return Figures.Judge("Others not answered 2xx", $"{errors}", "0", errors == 0)
            | Figures.Judge("Others' p99", $"{p99:N1} ms", $"<= {GoalMs:N0} ms", p99 <= GoalMs);
    }

    private static string Times(IEnumerable<double> times) =>
        $"{Figures.Percentile(times, 0.5):N1} / {Figures.Percentile(times, 0.99):N1} / {times.Max():N1} ms";

    private static async Task<List<(double Ms, int Status)>> OthersAsync(HttpClient client, string name, int seconds)
    {
        var duration = TimeSpan.FromSeconds(seconds);
        var ingest = SteadyCalls.RunAsync(client, "/v1/ingest/llm-request", i => Throughput.Row.Replace(LoadGenerator.Placeholder, $"{name}-{i}", StringComparison.Ordinal), Rate, duration);
        var decisions = SteadyCalls.RunAsync(client, "/v1/decisions", _ => Question, Rate, duration);
        return [.. await ingest, .. await decisions];
    }
}
