using Opsmeter.Tests.Support;

namespace Opsmeter.Bench.Faults;

/// <summary>
/// Fails, fills or kills at the n-th write and at the n-th sync while 200 rows are reported. Nobody is told that a row is
/// kept which is not; the server goes on by itself, or starts again by itself where it was killed.
/// </summary>
internal static class InputOutput
{
    private const int Rows = 200;
    private const int Senders = 8;
    private static readonly TimeSpan HealsWithin = TimeSpan.FromSeconds(20);
    private static readonly string[] Calls = ["pwrite64", "fdatasync,fsync"];
    private static readonly string[] Faults = ["error=EIO", "error=ENOSPC", "signal=SIGKILL"];

    /// <summary>Sweeps.</summary>
    /// <param name="step">Every how many calls: 1 tries each one.</param>
    public static async Task<int> RunAsync(int step)
    {
        var (wrong, runs, hit) = (new List<string>(), 0, 0);
        foreach (var call in Calls)
        {
            foreach (var fault in Faults)
            {
                Console.WriteLine($"  {call}, {fault}: every {step}th call, until the scenario has none left");
                for (var n = 1; ; n += step)
                {
                    runs++;
                    var (isHit, found) = await TryAsync($"{call}:{fault}:when={n}", isKill: fault.StartsWith("signal", StringComparison.Ordinal));
                    wrong.AddRange(found.Select(each => $"{call} {n} {fault}: {each}"));
                    found.ForEach(each => Console.WriteLine($"{Environment.NewLine}  {call} {n} {fault}: {each}"));
                    Console.Write(".");
                    hit += isHit ? 1 : 0;
                    if (!isHit)
                    {
                        Console.WriteLine();
                        Console.WriteLine($"  {call}, {fault}: the scenario has fewer than {n} calls");
                        break;
                    }
                }
            }
        }

        Figures.Say("Faults tried, that were met", $"{runs}, {hit}");
        return FaultRun.Judge("False answers, losses, doubles, hangs", wrong) | Figures.Judge("Faults that were met", $"{hit}", "≥ 6", hit >= 6);
    }

    private static async Task<(bool IsHit, List<string> Wrong)> TryAsync(string fault, bool isKill)
    {
        using var folder = new TestFolder();
        var ledger = new ClientLedger();
        var isHit = false;
        await using (var opsmeter = await FaultRun.FirstAsync(folder.Path))
        {
            using var client = opsmeter.Client();
            using (var inject = await Inject.AttachAsync(opsmeter.Id, fault))
            {
                await ledger.SendAsync(client, Senders, answers => answers >= Rows);
                isHit = inject.Detach();
            }

            if (!isKill)
            {
                if (opsmeter.HasExited)
                {
                    return (true, ["it ended by itself"]);
                }

                // By itself, without a restart.
                var healed = ledger.SendRestAsync(client);
                if (await Task.WhenAny(healed, Task.Delay(HealsWithin, TimeProvider.System)) != healed)
                {
                    return (true, ["it takes no rows any more"]);
                }

                await healed;
            }

            await opsmeter.KillAsync();
        }

        await using var again = await OpsmeterProcess.StartAsync(folder.Path, FaultRun.Settings);
        return (isHit, [.. await ledger.CompareAsync(again, folder.Path), .. ledger.Wrong]);
    }
}
