using System.Globalization;
using System.Text;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench;

/// <summary>From the answer to a request to its line on Overview in a browser.</summary>
internal static class Visibility
{
    private const int Requests = 60;
    private const double GoalMs = 1_000;

    // Notes when each endpoint first stands on the page; the clock is this machine's, as it is the sender's.
    private const string Watch = """
        () => {
          window.seen = {};
          const look = () => { for (const match of document.querySelector('main').innerText.matchAll(/visible\.\d+/g)) window.seen[match[0]] ??= Date.now(); };
          new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
        }
        """;

    public static async Task<int> RunAsync()
    {
        using var folder = new TestFolder();
        await using var opsmeter = await OpsmeterProcess.StartAsync(folder.Path);
        await using var browser = await TestBrowser.OpenAsync(opsmeter.Address);
        await browser.SignInAsync();
        await browser.GoAsync("");
        await browser.Page.EvaluateAsync(Watch);
        using var client = opsmeter.Client();
        var answered = new Dictionary<string, long>();
        for (var i = 0; i < Requests; i++)
        {
            var endpoint = $"visible.{i}";
            using var content = new StringContent(
                $$"""{"externalRequestId":"v{{i}}","provider":"openai","model":"gpt-5-mini","endpointTag":"{{endpoint}}","promptVersion":"v1","inputTokens":10,"outputTokens":10,"latencyMs":1,"status":"success"}""",
                Encoding.UTF8, "application/json");
            using var answer = await client.PostAsync("/v1/ingest/llm-request", content);
            answer.EnsureSuccessStatusCode();
            answered[endpoint] = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

            // Between a burst and a lull, so that the page is met at every phase of its rhythm.
            await Task.Delay(TimeSpan.FromMilliseconds(90 + (i * 37 % 400)), TimeProvider.System);
        }

        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        var seen = await browser.Page.EvaluateAsync<Dictionary<string, long>>("() => window.seen");
        var delays = answered.Where(entry => seen.ContainsKey(entry.Key)).Select(entry => (double)Math.Max(0, seen[entry.Key] - entry.Value)).ToList();
        Figures.Say("Seen on Overview", string.Create(CultureInfo.InvariantCulture, $"{delays.Count} of {Requests}"));
        Figures.Say("Answered to visible, p50", $"{Figures.Percentile(delays, 0.5):N0} ms");
        var p95 = Figures.Percentile(delays, 0.95);
        return Figures.Judge("Answered to visible, p95", $"{p95:N0} ms", "< 1,000 ms", p95 < GoalMs && delays.Count == Requests);
    }
}
