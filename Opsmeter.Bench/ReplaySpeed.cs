using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Policy;

namespace Opsmeter.Bench;

/// <summary>What a replay of a million requests takes on a folder that <see cref="Generate"/> filled.</summary>
internal static class ReplaySpeed
{
    private const double MostSeconds = 10;
    private const int Million = 1_000_000;

    public static async Task<int> RunAsync(string folder)
    {
        await using var server = new BenchServer(folder);
        await server.StartAsync();
        var replays = server.Services.GetRequiredService<Replays>();
        var now = TimeProvider.System.GetUtcNow();
        var range = new TimeWindow(now.AddDays(-9), now);
        var missed = 0;
        foreach (var (name, per, limit) in new[] { ("workspace, by day", (Dimension?)null, 900m), ("each tenant, by day", Dimension.TenantId, 4m), ("each user, by day", Dimension.UserId, 0.5m) })
        {
            var draft = new BudgetDraft { Per = per, LimitUsd = limit, Window = new WindowDraft { Kind = WindowKind.Day }, Cap = Cap.ByTier };
            var (budget, errors) = await replays.CheckAsync(1, draft);
            var reports = 0;
            var started = Stopwatch.GetTimestamp();
            var result = await replays.RunAsync(
                1, budget ?? throw new InvalidOperationException(string.Join(' ', errors.Keys)), range, new Counter(() => reports++), default);
            var took = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var aMillion = took / result.AsSent.Requests * Million;
            missed |= Figures.Judge(
                $"replay, {name}", $"{aMillion:N1} s/million", $"<= {MostSeconds:N0} s", aMillion <= MostSeconds);
            Figures.Say("", $"{result.AsSent.Requests:N0} requests in {took:N1} s, {reports} reports of progress, {result.Transitions.Count:N0} transitions");
        }

        return missed;
    }

    private sealed class Counter(Action count) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value) => count();
    }
}
