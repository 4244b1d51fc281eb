using System.Collections.Concurrent;
using System.Globalization;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench;

/// <summary>
/// An hour of steady traffic with pages opened and left: nothing grows, nothing slows down, nothing is refused. The server is
/// a process of its own, as the image has it, whose garbage is collected before each sample.
/// </summary>
internal static class Soak
{
    private const int RowsASecond = 500;
    private const int DecisionsASecond = 50;
    private const int CircuitsAMinute = 20;
    private const double MostSlopeMiB = 1;
    private const double MostLogMiB = 64;
    private const int MostMoreFiles = 10;
    private const int MostMoreThreads = 5;
    private const int MostLeft = 10;
    private const double MostSlower = 1.2;
    private const string Question = """{"endpointTag":"billing.guardrail_check","userId":"user_7","provider":"openai","model":"gpt-5-mini"}""";

    // Each third of a minute: segments are packed about once a minute, and samples at the same moment of it would mislead.
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Leaves = TimeSpan.FromSeconds(5);

    /// <summary>Runs.</summary>
    /// <param name="minutes">For how long; the first quarter is left out of the comparison of what is held.</param>
    public static async Task<int> RunAsync(int minutes)
    {
        using var published = await PublishedApp.UseAsync();
        using var folder = new TestFolder();
        await using var opsmeter = await OpsmeterProcess.StartAsync(folder.Path, new Dictionary<string, string>(PublishedApp.Settings)
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(Soak).Assembly.Location,
        });
        await Throughput.MakeBudgetsAsync(opsmeter.Address);
        await using var browser = await TestBrowser.OpenAsync(opsmeter.Address);
        await browser.SignInAsync();
        using var client = opsmeter.Client();
        using var stop = new CancellationTokenSource();
        var samples = new ConcurrentQueue<Sample>();
        var (sampling, visits) = (SampleAsync(opsmeter, folder.Path, samples, stop.Token), VisitAsync(browser, stop.Token));
        var p99 = new List<(double Rows, double Decisions)>();
        var wrong = 0;
        for (var minute = 0; minute < minutes; minute++)
        {
            var number = minute;
            var rows = SteadyCalls.RunAsync(
                client, "/v1/ingest/llm-request",
                i => RowText.Of($"soak-{number}-{i}", endpoint: $"endpoint.{i % 50}", user: $"user_{i % 1_000}", input: 100 + (i % 900), output: i % 300), RowsASecond, TimeSpan.FromMinutes(1));
            var decisions = SteadyCalls.RunAsync(client, "/v1/decisions", _ => Question, DecisionsASecond, TimeSpan.FromMinutes(1));
            var (ingested, decided) = (await rows, await decisions);
            wrong += ingested.Concat(decided).Count(answer => answer.Status != 200);
            p99.Add((Figures.Percentile(ingested.Select(answer => answer.Ms), 0.99), Figures.Percentile(decided.Select(answer => answer.Ms), 0.99)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  minute {minute + 1}: p99 {p99[^1].Rows:F1} ms, decisions {p99[^1].Decisions:F1} ms, {wrong} not answered 200, {samples.LastOrDefault()}"));
        }

        await stop.CancelAsync();
        var opened = await visits;
        await sampling;

        // How many connections are open follows the senders; once they are gone, so are theirs.
        client.Dispose();
        await browser.DisposeAsync();
        await Task.Delay(Leaves, TimeProvider.System);
        var left = Descriptors(opsmeter).Count(IsSocket);
        return Judge([.. samples], p99, wrong, opened, minutes)
            | Figures.Judge("Connections left by those who went", $"{left}", $"<= {MostLeft}", left <= MostLeft);
    }

    private static int Judge(List<Sample> samples, List<(double Rows, double Decisions)> p99, int wrong, (int Opened, int Failed) visits, int minutes)
    {
        var late = samples.FindAll(sample => sample.Minutes >= minutes / 4.0);
        var (first, last) = (late[..(late.Count / 6 + 1)], late[^(late.Count / 6 + 1)..]);
        var slope = 60 * SlopeOf(late, sample => sample.HeapMiB);
        var (files, threads) = (More(sample => sample.Files), More(sample => sample.Threads));
        var tenth = Math.Max(1, minutes / 6);
        var slower = p99.TakeLast(tenth).Average(each => each.Rows) / p99.Take(tenth).Average(each => each.Rows);
        Figures.Say("Pages opened and left", $"{visits.Opened:N0}");
        Figures.Say("Heap in use, first and last", $"{samples[0].HeapMiB:N1} MiB, {samples[^1].HeapMiB:N1} MiB");
        Figures.Say("Resident, highest", $"{samples.Max(sample => sample.ResidentMiB):N0} MiB");
        Figures.Say("p99 of rows, first and last tenths", $"{p99.Take(tenth).Average(each => each.Rows):N1} ms, {p99.TakeLast(tenth).Average(each => each.Rows):N1} ms");
        return Figures.Judge("Slope of the heap in use", $"{slope:N2} MiB/h", $"<= {MostSlopeMiB} MiB/h", slope <= MostSlopeMiB)
            | Figures.Judge("Write-ahead log, largest", $"{samples.Max(sample => sample.LogMiB):N1} MiB", $"<= {MostLogMiB} MiB", samples.Max(sample => sample.LogMiB) <= MostLogMiB)
            | Figures.Judge("Files and pipes, more at the end", $"{files:N0}", $"<= {MostMoreFiles}", files <= MostMoreFiles)
            | Figures.Judge("Threads, more at the end", $"{threads:N0}", $"<= {MostMoreThreads}", threads <= MostMoreThreads)
            | Figures.Judge("Answers that were not 200, pages that failed", $"{wrong}, {visits.Failed}", "0, 0", wrong == 0 && visits.Failed == 0)
            | Figures.Judge("p99 at the end ÷ at the beginning", $"{slower:N2}", $"<= {MostSlower}", slower <= MostSlower);

        double More(Func<Sample, double> of) => last.Average(of) - first.Average(of);
    }

    // The line of least squares.
    private static double SlopeOf(List<Sample> samples, Func<Sample, double> of)
    {
        var (x, y) = (samples.Average(sample => sample.Minutes), samples.Average(of));
        return samples.Sum(sample => (sample.Minutes - x) * (of(sample) - y)) / samples.Sum(sample => (sample.Minutes - x) * (sample.Minutes - x));
    }

    // What each is open on; one that was closed meanwhile is on nothing.
    private static List<string> Descriptors(OpsmeterProcess opsmeter) =>
        [.. new DirectoryInfo($"/proc/{opsmeter.Id}/fd").GetFiles().Select(each => each.LinkTarget ?? "")];

    private static bool IsSocket(string target) => target.StartsWith("socket:", StringComparison.Ordinal);

    private static async Task SampleAsync(OpsmeterProcess opsmeter, string folder, ConcurrentQueue<Sample> samples, CancellationToken stop)
    {
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            using var timer = new PeriodicTimer(Every, TimeProvider.System);
            while (await timer.WaitForNextTickAsync(stop))
            {
                var heap = await opsmeter.HeapBytesAsync();
                var log = new FileInfo(Path.Combine(folder, "data", "opsmeter.db-wal"));
                samples.Enqueue(new Sample(
                    TimeProvider.System.GetElapsedTime(started).TotalMinutes, heap / 1048576.0, opsmeter.MemoryMb() * 1e6 / 1048576, log.Exists ? log.Length / 1048576.0 : 0,
                    Descriptors(opsmeter).Count(each => !IsSocket(each)), Directory.GetDirectories($"/proc/{opsmeter.Id}/task").Length));
            }
        }
        catch (OperationCanceledException)
        {
            // The hour is over.
        }
    }

    private static async Task<(int Opened, int Failed)> VisitAsync(TestBrowser browser, CancellationToken stop)
    {
        string[] pages = ["", "budgets", "requests", "endpoints", "users", "alerts"];
        var (opened, failed) = (0, 0);
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1.0 / CircuitsAMinute), TimeProvider.System);
            while (await timer.WaitForNextTickAsync(stop))
            {
                try
                {
                    await browser.GoAsync(pages[opened++ % pages.Length]);
                }
                catch (Exception error) when (error is TimeoutException or Microsoft.Playwright.PlaywrightException)
                {
                    failed++;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The hour is over.
        }

        return (opened, failed);
    }

    private sealed record Sample(double Minutes, double HeapMiB, double ResidentMiB, double LogMiB, double Files, double Threads)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"heap {HeapMiB:F1} MiB, resident {ResidentMiB:F0} MiB, {Files} files, {Threads} threads");
    }
}
