using Opsmeter.Tests.Support;

namespace Opsmeter.Bench.Faults;

/// <summary>
/// Kills the server again and again while 16 senders report, right after an answer: were it given before the row is on disk,
/// this is when it would show. What was not answered is sent again after the next start.
/// </summary>
internal static class KillCycles
{
    private const int Senders = 16;
    private const double GoalFoundStored = 0.05;

    public static async Task<int> RunAsync(int cycles)
    {
        using var published = await PublishedApp.UseAsync();
        using var folder = new TestFolder();
        var ledger = new ClientLedger();
        var random = new Random(20261130);
        await using (var first = await FaultRun.FirstAsync(folder.Path))
        {
            await first.KillAsync();
        }

        for (var cycle = 1; cycle <= cycles; cycle++)
        {
            await using var opsmeter = await OpsmeterProcess.StartAsync(folder.Path, FaultRun.Settings);
            using var client = opsmeter.Client();
            var until = random.Next(20, 800);
            await ledger.SendAsync(client, Senders, answers =>
            {
                if (answers == until)
                {
                    opsmeter.Kill();
                }

                return answers >= until;
            });
            await opsmeter.KillAsync();
            if (cycle % 50 == 0)
            {
                Console.WriteLine($"  {cycle} kills, {ledger.Answered:N0} rows answered, {ledger.FoundStored:N0} of {ledger.Retried:N0} sent again were there");
            }
        }

        await using var last = await OpsmeterProcess.StartAsync(folder.Path, FaultRun.Settings);
        var wrong = await ledger.CompareAsync(last, folder.Path);
        wrong.AddRange(ledger.Wrong);
        Figures.Say("Kills, rows answered", $"{cycles:N0}, {ledger.Answered:N0}");
        var share = ledger.Retried == 0 ? 0 : (double)ledger.FoundStored / ledger.Retried;
        return FaultRun.Judge("Lost, double, ghosts, sums", wrong)
            | Figures.Judge("Sent again and found stored", $"{share:P1}", $"≥ {GoalFoundStored:P0}", share >= GoalFoundStored);
    }
}
