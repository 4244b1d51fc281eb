using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench;

/// <summary>What a key that makes up names costs the server: memory, the time of pages, and whether all money is still there.</summary>
internal static class Cardinality
{
    private const int BatchRows = 500;
    private const int Visits = 5;
    private const double MostGrowthMiB = 64;
    private const double MostPageMs = 500;

    // Pages keep what they read for up to half a minute, and the runtime the buffers that they lent for a minute more, which
    // it gives back bit by bit when it collects.
    private const int Collections = 6;
    private static readonly TimeSpan BetweenCollections = TimeSpan.FromSeconds(15);
    private static readonly string[] Pages =
    [
        "/", "/?by=userId", "/investigate", "/endpoints", "/users", "/versions", "/models", "/requests", "/budgets", "/tiers", "/alerts", "/review",
    ];

    /// <summary>Measures on a server process of its own.</summary>
    /// <param name="names">How many endpoint tags, and as many users: each row has a new one of both.</param>
    public static async Task<int> RunAsync(int names)
    {
        using var published = await PublishedApp.UseAsync();
        using var folder = new TestFolder();
        await using var opsmeter = await OpsmeterProcess.StartAsync(folder.Path, new Dictionary<string, string>(PublishedApp.Settings)
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(Cardinality).Assembly.Location,
        });
        using var client = opsmeter.Client();
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        using var browser = new HttpClient(handler) { BaseAddress = opsmeter.Address };
        await MakeBudgetAsync(client);
        await new PageVisitor(browser).SubmitAsync("/account/sign-in", ("Input.Email", OpsmeterProcess.AdminEmail), ("Input.Password", OpsmeterProcess.AdminPassword));

        // What traffic of the same size takes with few names is not what names take.
        var sent = await SendAsync(client, "warm", names, number => (number % 40, number % 400));
        await VisitAsync(browser, print: false);
        var before = await MemoryAsync(opsmeter, "before");
        var started = Stopwatch.GetTimestamp();
        sent += await SendAsync(client, "new", names, number => (1_000 + number, 1_000 + number));
        Figures.Say($"{names:N0} rows with new names", $"{Stopwatch.GetElapsedTime(started).TotalSeconds:N1} s");
        await MemoryAsync(opsmeter, "after them");
        var slowest = await VisitAsync(browser, print: true);
        await MemoryAsync(opsmeter, "after the pages");
        for (var i = 0; i < Collections; i++)
        {
            await Task.Delay(BetweenCollections, TimeProvider.System);
            await opsmeter.HeapBytesAsync();
        }

        var after = await MemoryAsync(opsmeter, "once what they read is let go");
        return Figures.Judge("Memory held, growth", $"{after - before:N1} MiB", $"<= {MostGrowthMiB:N0} MiB", after - before <= MostGrowthMiB)
            | Figures.Judge($"Slowest of {Visits} visits of any page", $"{slowest:N0} ms", $"< {MostPageMs:N0} ms", slowest < MostPageMs)
            | await JudgeCostAsync(client, sent);
    }

    private static async Task MakeBudgetAsync(HttpClient client)
    {
        using var answer = await client.PostAsJsonAsync("/v1/budgets", new
        {
            name = "Everything", limitUsd = 1_000_000, window = new { kind = "month" }, owner = OpsmeterProcess.AdminEmail, escalation = "default",
        });
        answer.EnsureSuccessStatusCode();
    }

    // 0.25 USD a million tokens in, 2 USD out: 100 tokens of each and a number more are whole nano-dollars.
    private static async Task<decimal> SendAsync(HttpClient client, string prefix, int rows, Func<int, (int Endpoint, int User)> nameOf)
    {
        var sent = 0m;
        for (var first = 0; first < rows; first += BatchRows)
        {
            var lines = Enumerable.Range(first, Math.Min(BatchRows, rows - first)).Select(number =>
            {
                var (endpoint, user) = nameOf(number);
                sent += ((100 + (number % 1_000)) * 0.25m + 200) / 1_000_000;
                return RowText.Of($"{prefix}-{number}", endpoint: $"made.up.endpoint.{endpoint:D6}", user: $"made_up_user_{user:D6}", input: 100 + (number % 1_000), output: 100)
                    .Replace("\n", "", StringComparison.Ordinal);
            });
            using var content = new StringContent(string.Join('\n', lines), null, "application/x-ndjson");
            using var answer = await client.PostAsync("/v1/ingest/llm-requests", content);
            answer.EnsureSuccessStatusCode();
        }

        return sent;
    }

    private static async Task<double> MemoryAsync(OpsmeterProcess opsmeter, string when)
    {
        // Garbage that waits to be collected is what was done lately, not what names hold.
        var waiting = Resident();
        var heap = await opsmeter.HeapBytesAsync() / 1024.0 / 1024;
        var held = Resident();
        Figures.Say($"Memory {when}", $"{held:N1} MiB held ({waiting:N1} MiB with garbage), {heap:N1} MiB of it in use on the heap");
        return held;

        double Resident() => opsmeter.MemoryMb() * 1e6 / 1024 / 1024;
    }

    private static async Task<double> VisitAsync(HttpClient browser, bool print)
    {
        var slowest = 0.0;
        foreach (var page in Pages)
        {
            var times = new List<double>();
            for (var i = 0; i < Visits; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, page);
                request.Headers.Accept.ParseAdd("text/html");
                var started = Stopwatch.GetTimestamp();
                using var answer = await browser.SendAsync(request);
                _ = await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            slowest = Math.Max(slowest, times.Max());
            if (print)
            {
                Figures.Say($"Page {page}", string.Join(", ", times.Select(time => $"{time:N0}")) + " ms");
            }
        }

        return slowest;
    }

    private static async Task<int> JudgeCostAsync(HttpClient client, decimal sent)
    {
        var result = 0;
        foreach (var by in new[] { "endpointTag", "userId" })
        {
            using var report = await JsonAsync(client, $"/v1/reports/spend?from=now-1d&groupBy={by}");
            var rows = report.RootElement.GetProperty("rows").EnumerateArray().ToList();
            var sum = rows.Sum(row => row.GetProperty("costUsd").GetDecimal());
            result |= Figures.Judge($"Cost by {by}, in {rows.Count:N0} rows", Text(sum), Text(sent), sum == sent);
            Figures.Say($"  of it in {"__other__"}", Text(rows.Where(row => row.GetProperty(by).GetString() == "__other__").Sum(row => row.GetProperty("costUsd").GetDecimal())));
        }

        using var states = await JsonAsync(client, "/v1/budgets/state");
        var spent = states.RootElement.GetProperty("items")[0].GetProperty("spentUsd").GetDecimal();
        return result | Figures.Judge("Cost as the budget counts it", Text(spent), Text(sent), spent == sent);
    }

    private static async Task<JsonDocument> JsonAsync(HttpClient client, string path) => JsonDocument.Parse(await client.GetStringAsync(path));

    private static string Text(decimal usd) => usd.ToString("0.000000000", CultureInfo.InvariantCulture) + " USD";
}
