using System.Diagnostics;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench;

/// <summary>How soon a server with a month of requests answers, and how much memory it holds while it is used.</summary>
internal static class StartAndMemory
{
    private const int Starts = 5;
    private const double StartGoalMs = 3_000;
    private const double MemoryGoalMb = 350;
    private static readonly Dictionary<string, string> NoSettings = [];

    public static async Task<int> RunAsync()
    {
        using var folder = new TestFolder();
        await MakeMonthAsync(folder.Path);
        var starts = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var opsmeter = await OpsmeterProcess.StartAsync(folder.Path, NoSettings, "--demo");
            await opsmeter.ReadyAsync();
            starts.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        Figures.Say("Start to ready with the demo month, all", string.Join(", ", starts.Select(start => $"{start:N0}")) + " ms");
        return Figures.Judge("Start to ready with the demo month, median", $"{Figures.Median(starts):N0} ms", "< 3,000 ms", Figures.Median(starts) < StartGoalMs)
            | await MemoryAsync(folder.Path);
    }

    // Live traffic, two open browsers that go through the pages.
    private static async Task<int> MemoryAsync(string folder)
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(folder, NoSettings, "--demo");
        await opsmeter.ReadyAsync();
        await using var one = await TestBrowser.OpenAsync(opsmeter.Address);
        await using var two = await TestBrowser.OpenAsync(opsmeter.Address);
        var highest = 0.0;
        foreach (var browser in new[] { one, two })
        {
            await browser.SignInAsync("demo@example.com", "a-month-of-invented-traffic");
            foreach (var path in new[] { "", "requests", "budgets", "tiers", "" })
            {
                await browser.GoAsync(path);
                await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
                highest = Math.Max(highest, opsmeter.MemoryMb());
            }
        }

        for (var i = 0; i < 30; i++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            highest = Math.Max(highest, opsmeter.MemoryMb());
        }

        return Figures.Judge("Memory (resident), highest seen", $"{highest:N0} MB", "< 350 MB", highest < MemoryGoalMb);
    }

    private static async Task MakeMonthAsync(string folder)
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(folder, NoSettings, "--demo");
        await opsmeter.LoggedAsync(new System.Text.RegularExpressions.Regex("requests and their policy are loaded"));
        await opsmeter.StopAsync();
    }
}
