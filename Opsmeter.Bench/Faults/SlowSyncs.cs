using System.Diagnostics;
using System.Globalization;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench.Faults;

/// <summary>
/// A disk that takes its time to confirm: while each sync takes so long, 200 senders still get their rows stored together,
/// and decisions, which are made from memory, come as fast as ever.
/// </summary>
internal static class SlowSyncs
{
    private const int Senders = 200;
    private const double LeastRowsASecond = 200;
    private const double DecisionGoalMs = 50;
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenDecisions = TimeSpan.FromMilliseconds(25);

    /// <summary>Measures.</summary>
    /// <param name="milliseconds">How long each sync takes.</param>
    public static async Task<int> RunAsync(int milliseconds)
    {
        using var published = await PublishedApp.UseAsync();
        using var folder = new TestFolder();
        var ledger = new ClientLedger();
        await using var opsmeter = await FaultRun.FirstAsync(folder.Path);
        using var client = opsmeter.Client();
        var (rate, times) = (0.0, new List<double>());
        using (await Inject.AttachAsync(opsmeter.Id, string.Create(CultureInfo.InvariantCulture, $"fdatasync,fsync:delay_exit={milliseconds * 1_000}")))
        {
            var over = false;
            var sending = ledger.SendAsync(client, Senders, _ => over);
            await Task.Delay(WarmUp, TimeProvider.System);
            var (before, started) = (ledger.Answered, Stopwatch.GetTimestamp());
            while (Stopwatch.GetElapsedTime(started) < Measured)
            {
                times.Add(await DecideAsync(client));
                await Task.Delay(BetweenDecisions, TimeProvider.System);
            }

            rate = (ledger.Answered - before) / Stopwatch.GetElapsedTime(started).TotalSeconds;
            over = true;
            await sending;
        }

        var p99 = Figures.Percentile(times, 0.99);
        return Figures.Judge($"Rows stored a second, {Senders} senders, syncs of {milliseconds} ms", $"{rate:N0}", "≥ 200", rate >= LeastRowsASecond)
            | Figures.Judge($"Decisions meanwhile, p99 of {times.Count}", $"{p99:N1} ms", "≤ 50 ms", p99 <= DecisionGoalMs)
            | FaultRun.Judge("Losses, doubles, ghosts, sums", [.. await ledger.CompareAsync(opsmeter, folder.Path), .. ledger.Wrong]);
    }

    private static async Task<double> DecideAsync(HttpClient client)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = await client.PostAsync("/v1/decisions", Throughput.Question);
        return answer.Status == 200 ? Stopwatch.GetElapsedTime(started).TotalMilliseconds : throw new InvalidOperationException(answer.Text);
    }
}
