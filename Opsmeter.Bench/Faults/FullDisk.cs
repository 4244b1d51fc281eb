using System.Diagnostics;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench.Faults;

/// <summary>A disk that fills up while rows arrive, one that is full or read-only at the start, and one that freezes.</summary>
internal static class FullDisk
{
    private const int Senders = 16;
    private const string Ask = """{"endpointTag":"endpoint.1","userId":"user_1"}""";
    private static readonly TimeSpan FillsWithin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan HealsWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RefusesWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Frozen = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RecoversWithin = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync() =>
        await FillAsync() | await StartAsync("size=1M", "Full at the start") | await StartAsync("ro", "Read-only at the start") | await FreezeAsync();

    // Rows are refused in words while reads and decisions go on; with room again rows are taken, without a restart.
    private static async Task<int> FillAsync()
    {
        using var folder = new TestFolder();
        var disk = Mounted(folder);
        await Shell.RunAsync("mount", "-t", "tmpfs", "-o", "size=6M", "tmpfs", disk);
        var (ledger, wrong) = (new ClientLedger(), new List<string>());
        try
        {
            await using var opsmeter = await FaultRun.FirstAsync(disk);
            using var client = opsmeter.Client();
            var started = Stopwatch.GetTimestamp();
            await ledger.SendAsync(client, Senders, _ => ledger.Refused > 500 || Stopwatch.GetElapsedTime(started) > FillsWithin);
            Figures.Say("Rows until the disk was full, refusals", $"{ledger.Answered:N0}, {ledger.Refused:N0}");
            Require(wrong, ledger.Refused > 0, "the disk did not fill");
            Require(wrong, (await client.PostAsync("/v1/decisions", Ask)).Status == 200, "decisions stopped");
            Require(wrong, (await client.SendAsync(HttpMethod.Get, "/v1/reports/spend?from=now-1d&to=now", null)).Status == 200, "reports stopped");
            Require(wrong, (await client.SendAsync(HttpMethod.Get, "/health/ready", null)).Status == 503, "readiness is green");
            Require(wrong, (await client.SendAsync(HttpMethod.Get, "/health/live", null)).Status == 200, "liveness is red");

            await Shell.RunAsync("mount", "-o", "remount,size=64M", disk);
            await WithinAsync(wrong, HealsWithin, "rows are not taken again", () => ledger.SendRestAsync(client));
            await WithinAsync(wrong, HealsWithin, "readiness stays red", () => ReadyAsync(client));
            wrong.AddRange(await ledger.CompareAsync(opsmeter, disk));
        }
        finally
        {
            await Shell.RunAsync("umount", disk);
        }

        return FaultRun.Judge("Disk full, then healed", [.. wrong, .. ledger.Wrong]);
    }

    // It says why within seconds, and ends.
    private static async Task<int> StartAsync(string how, string name)
    {
        using var folder = new TestFolder();
        var disk = Mounted(folder);
        await Shell.RunAsync("mount", "-t", "tmpfs", "-o", how, "tmpfs", disk);
        try
        {
            if (how != "ro")
            {
                await FillUpAsync(Path.Combine(disk, "other"));
            }

            var started = Stopwatch.GetTimestamp();
            var (code, said) = await OpsmeterProcess.RunAsync(disk, "--urls", "http://127.0.0.1:0");
            var took = Stopwatch.GetElapsedTime(started);
            Console.WriteLine($"  {said.Trim().ReplaceLineEndings(" ")}");
            return FaultRun.Judge(name, [.. new[]
            {
                code == 0 ? "it ended as if nothing were wrong" : null, took > RefusesWithin ? $"it took {took.TotalSeconds:F1} s" : null,
                said.Contains("Opsmeter cannot start.", StringComparison.Ordinal) && !said.Contains("   at ", StringComparison.Ordinal) ? null : "it does not say why in a sentence",
            }.OfType<string>()]);
        }
        finally
        {
            await Shell.RunAsync("umount", disk);
        }
    }

    // Whoever reports is told within seconds, the process is not taken for dead, and all goes on soon after.
    private static async Task<int> FreezeAsync()
    {
        using var folder = new TestFolder();
        var (disk, image) = (Mounted(folder), Path.Combine(folder.Path, "disk.img"));
        await Shell.RunAsync("truncate", "-s", "128M", image);
        await Shell.RunAsync("mkfs.ext4", "-q", image);
        await Shell.RunAsync("mount", "-o", "loop", image, disk);
        var (ledger, wrong) = (new ClientLedger(), new List<string>());
        try
        {
            await using var opsmeter = await FaultRun.FirstAsync(disk);
            using var client = opsmeter.Client();
            await ledger.SendAsync(client, Senders, answers => answers >= 500);
            await Shell.RunAsync("fsfreeze", "-f", disk);
            try
            {
                var frozen = Stopwatch.GetTimestamp();
                var longest = TimeSpan.Zero;
                for (var number = 0; Stopwatch.GetElapsedTime(frozen) < Frozen; number++)
                {
                    var asked = Stopwatch.GetTimestamp();
                    var answer = await client.PostAsync("/v1/ingest/llm-request", RowText.Of($"frozen_{number}"));
                    var took = Stopwatch.GetElapsedTime(asked);
                    longest = took > longest ? took : longest;
                    Require(wrong, answer.Status == 503, $"a row was answered {answer.Status}");
                    Require(wrong, (await client.PostAsync("/v1/decisions", Ask)).Status == 200, "decisions stopped");
                    Require(wrong, (await client.SendAsync(HttpMethod.Get, "/health/live", null)).Status == 200, "liveness is red");
                    Require(wrong, (await client.SendAsync(HttpMethod.Get, "/health/ready", null)).Status == 503, "readiness is green");
                }

                Figures.Say("Frozen: the longest wait for an answer", $"{longest.TotalSeconds:F1} s");
                Require(wrong, longest < RefusesWithin + TimeSpan.FromSeconds(0.5), "a row waited too long for its answer");
            }
            finally
            {
                await Shell.RunAsync("fsfreeze", "-u", disk);
            }

            await WithinAsync(wrong, RecoversWithin, "it does not recover", () => ReadyAsync(client));
            await ledger.SendAsync(client, Senders, answers => answers >= 500);
            Require(wrong, ledger.Wrong.IsEmpty, "rows are refused afterwards");
        }
        finally
        {
            await Shell.RunAsync("umount", disk);
        }

        return FaultRun.Judge("Frozen for 30 s, then not", [.. wrong, .. ledger.Wrong]);
    }

    private static string Mounted(TestFolder folder) => Directory.CreateDirectory(Path.Combine(folder.Path, "disk")).FullName;

    private static async Task FillUpAsync(string file)
    {
        await using var stream = File.Create(file);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                await stream.WriteAsync(block);
                await stream.FlushAsync();
            }
        }
        catch (IOException)
        {
            // Now it is full.
        }
    }

    private static async Task ReadyAsync(HttpClient client)
    {
        while ((await client.SendAsync(HttpMethod.Get, "/health/ready", null)).Status != 200)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    private static async Task WithinAsync(List<string> wrong, TimeSpan most, string what, Func<Task> act)
    {
        var acting = act();
        if (await Task.WhenAny(acting, Task.Delay(most, TimeProvider.System)) != acting)
        {
            wrong.Add($"{what} within {most.TotalSeconds:F0} s");
            return;
        }

        await acting;
    }

    private static void Require(List<string> wrong, bool isSo, string otherwise)
    {
        if (!isSo)
        {
            wrong.Add(otherwise);
        }
    }
}
