using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench;

/// <summary>From the answer to the request that passes a limit, which is on disk with its alert, to the message at its receiver.</summary>
internal static class AlertDelays
{
    private const int Alerts = 40;
    private const double GoalMs = 2_000;

    private static readonly Dictionary<string, string> Settings = new(OpsmeterProcess.UsualSettings) { ["Alerts__AllowedAddresses"] = "127.0.0.1" };

    public static async Task<int> RunAsync()
    {
        using var folder = new TestFolder();
        await using var sink = await MessageSink.StartAsync();
        await using var opsmeter = await OpsmeterProcess.StartAsync(folder.Path, Settings);
        using var client = opsmeter.Client();
        var delays = new List<double>();
        for (var i = 0; i < Alerts; i++)
        {
            // A channel each, since messages to one are a second apart.
            var name = string.Create(CultureInfo.InvariantCulture, $"alert{i}");
            await PostAsync(client, "/v1/channels", new JsonObject { ["name"] = name, ["kind"] = "webhook", ["url"] = $"{sink.Url}/{name}" });
            await PostAsync(client, "/v1/escalations", new JsonObject { ["name"] = name, ["steps"] = new JsonArray(new JsonObject { ["afterMinutes"] = 0, ["notify"] = name }) });
            await PostAsync(client, "/v1/budgets", new JsonObject
            {
                ["name"] = name, ["limitUsd"] = 1, ["cap"] = "soft", ["window"] = new JsonObject { ["kind"] = "day" }, ["owner"] = OpsmeterProcess.AdminEmail, ["escalation"] = name,
                ["conditions"] = new JsonArray(new JsonObject { ["dimension"] = "endpointTag", ["values"] = new JsonArray(name) }),
            });
            await PostAsync(client, "/v1/ingest/llm-request", new JsonObject
            {
                ["externalRequestId"] = name, ["provider"] = "openai", ["model"] = "gpt-5-mini", ["endpointTag"] = name, ["promptVersion"] = "v1",
                ["inputTokens"] = 4_400_000, ["outputTokens"] = 0, ["latencyMs"] = 1, ["status"] = "success",
            });
            var answered = Stopwatch.GetTimestamp();
            if ((await sink.WaitAsync("/" + name, 1)).Length > 0)
            {
                delays.Add(Stopwatch.GetElapsedTime(answered).TotalMilliseconds);
            }
        }

        Figures.Say("Alerts received", string.Create(CultureInfo.InvariantCulture, $"{delays.Count} of {Alerts}"));
        Figures.Say("On disk to received, p50", $"{Figures.Percentile(delays, 0.5):N0} ms");
        var p95 = Figures.Percentile(delays, 0.95);
        return Figures.Judge("On disk to received, p95", $"{p95:N0} ms", "< 2,000 ms", p95 < GoalMs && delays.Count == Alerts);
    }

    private static async Task PostAsync(HttpClient client, string path, JsonObject body)
    {
        using var content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(path, content);
        answer.EnsureSuccessStatusCode();
    }
}
