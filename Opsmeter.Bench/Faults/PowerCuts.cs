using Opsmeter.Tests.Support;

namespace Opsmeter.Bench.Faults;

/// <summary>
/// Cuts the power: the server writes to a file system in an image, and what the image holds at a moment is what a disk would
/// hold that lost its power then. The control takes the server's syncs away and has to lose rows, or the method shows nothing.
/// </summary>
internal static class PowerCuts
{
    private const int Senders = 16;
    private const int ControlCuts = 4;
    private const double ControlGoal = 0.25;

    public static async Task<int> RunAsync(int cuts)
    {
        var lost = new List<string>();
        var rows = 0;
        for (var cut = 1; cut <= cuts; cut++)
        {
            var (wrong, answered) = await CutAsync(cut, isSynced: true);
            (lost, rows) = ([.. lost, .. wrong], rows + answered);
        }

        var failed = 0;
        for (var cut = 1; cut <= ControlCuts; cut++)
        {
            var (wrong, _) = await CutAsync(cut, isSynced: false);
            failed += wrong.Count > 0 ? 1 : 0;
            Figures.Say($"Control without syncs, cut {cut}", wrong.Count > 0 ? string.Join("; ", wrong) : "nothing wrong");
        }

        Figures.Say("Cuts, rows answered before them", $"{cuts}, {rows:N0}");
        return FaultRun.Judge("Lost, double, ghosts", lost)
            | Figures.Judge("Controls that lost something", $"{failed} of {ControlCuts}", $"≥ {ControlGoal:P0}", failed >= ControlGoal * ControlCuts);
    }

    private static async Task<(List<string> Wrong, int Answered)> CutAsync(int cut, bool isSynced)
    {
        using var folder = new TestFolder();
        var (image, copy, disk, after) = (Path.Combine(folder.Path, "disk.img"), Path.Combine(folder.Path, "copy.img"), folder.Path + "/disk", folder.Path + "/after");
        Directory.CreateDirectory(disk);
        Directory.CreateDirectory(after);
        await Shell.RunAsync("truncate", "-s", "256M", image);
        await Shell.RunAsync("mkfs.ext4", "-q", image);
        await Shell.RunAsync("mount", "-o", "loop", image, disk);
        var ledger = new ClientLedger();
        int[] answered;
        try
        {
            await using var opsmeter = await FaultRun.FirstAsync(disk);
            await Shell.RunAsync("sync", "-f", disk);
            using var strace = isSynced ? null : await Inject.AttachAsync(opsmeter.Id, "fsync,fdatasync:retval=0");
            using var client = opsmeter.Client();
            var random = new Random(cut);
            var until = random.Next(500, 4_000);
            var sending = ledger.SendAsync(client, Senders, answers => answers >= until + 2_000);
            while (ledger.Answered < until && !sending.IsCompleted)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }

            answered = ledger.Snapshot();
            await Shell.SignalAsync(opsmeter.Id, "STOP");
            await Shell.RunAsync("cp", "--sparse=always", image, copy);
            await opsmeter.KillAsync();
            await sending;
        }
        finally
        {
            await Shell.RunAsync("umount", disk);
        }

        await Shell.RunAsync("mount", "-o", "loop", copy, after);
        try
        {
            await using var restarted = await OpsmeterProcess.StartAsync(after, FaultRun.Settings);
            return (await ledger.CompareAsync(restarted, after, answered), answered.Length);
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException)
        {
            return ([$"it does not start: {error.Message[..Math.Min(400, error.Message.Length)]}"], answered.Length);
        }
        finally
        {
            await Shell.RunAsync("umount", after);
        }
    }
}
