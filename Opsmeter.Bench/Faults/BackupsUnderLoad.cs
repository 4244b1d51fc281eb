using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench.Faults;

/// <summary>
/// Makes backups while 8 senders report, and restores each into a folder of its own: what was answered before it began is in
/// it, nothing twice, and its report, its budget and its rows agree.
/// </summary>
internal static class BackupsUnderLoad
{
    private const int Senders = 8;
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(700);

    public static async Task<int> RunAsync(int backups)
    {
        using var folder = new TestFolder();
        var ledger = new ClientLedger();
        var made = new List<(string File, int[] Answered)>();
        var took = new List<double>();
        await using (var opsmeter = await FaultRun.FirstAsync(folder.Path))
        {
            using var client = opsmeter.Client();
            using var stop = new CancellationTokenSource();
            var sending = ledger.SendAsync(client, Senders, _ => stop.IsCancellationRequested);
            for (var i = 0; i < backups; i++)
            {
                await Task.Delay(Between, TimeProvider.System);
                var answered = ledger.Snapshot();
                var began = Stopwatch.GetTimestamp();
                using var answer = await client.PostAsync(new Uri("/v1/backups", UriKind.Relative), null);
                if (answer.StatusCode != HttpStatusCode.Created)
                {
                    throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
                }

                took.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
                var name = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("name").GetString()!;

                // Only so many are kept.
                var kept = Path.Combine(folder.Path, $"kept-{i}.db");
                File.Copy(Path.Combine(folder.Path, "data", "backups", name), kept);
                made.Add((kept, answered));
            }

            await stop.CancelAsync();
            await sending;
        }

        var wrong = new List<string>();
        foreach (var (file, answered) in made)
        {
            var found = await RestoreAsync(file, answered, ledger);
            wrong.AddRange(found);
            found.ForEach(each => Console.WriteLine($"  {Path.GetFileName(file)}: {each}"));
        }

        wrong.AddRange(ledger.Wrong);
        Figures.Say("Backups, rows answered, in the last backup", $"{made.Count}, {ledger.Answered:N0}, {made[^1].Answered.Length:N0} or more");
        Figures.Say("A backup took, median and longest", $"{Figures.Median(took):F2} s, {took.Max():F2} s");
        return FaultRun.Judge("Lost, double, ghosts, sums that differ", wrong);
    }

    private static async Task<List<string>> RestoreAsync(string file, int[] answered, ClientLedger ledger)
    {
        using var folder = new TestFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "data"));
        var (code, said) = await OpsmeterProcess.RunAsync(folder.Path, "--restore", file);
        if (code != 0)
        {
            return [$"could not be restored: {said}"];
        }

        await using var opsmeter = await OpsmeterProcess.StartAsync(folder.Path, FaultRun.Settings);
        using var client = opsmeter.Client();
        var totals = (await client.ReadAsync("/v1/reports/spend?from=now-7d&to=now"))["totals"];
        var budget = (await client.ReadAsync("/v1/budgets/state"))["items"].EnumerateArray().Single();
        var wrong = new List<string>();
        if (totals.GetProperty("requests").GetInt64() != budget.GetProperty("requests").GetInt64() || totals.GetProperty("costUsd").GetDecimal() != budget.GetProperty("spentUsd").GetDecimal())
        {
            wrong.Add($"the report says {totals}, the budget {budget}");
        }

        wrong.AddRange(await ledger.CompareAsync(opsmeter, folder.Path, answered, totals.GetProperty("requests").GetInt64()));
        return wrong;
    }
}
