using Microsoft.EntityFrameworkCore;
using Opsmeter.Core;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Budgets;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// Looks once a minute for what no threshold shows: limits that burn too fast, endpoints that spend many times what is
/// expected, dearer prompt versions, requests without a price, and none at all.
/// </summary>
internal sealed partial class SignalWatch(
    IDbContextFactory<OpsmeterDb> databases, Boards boards, LedgerHistory history, SpendReports reports, TierPolicies tiers, WorkspacePolicies workspaces, LedgerWriter writer, TimeProvider time,
    ILogger<SignalWatch> logger)
    : BackgroundService
{
    private const double LeastDrift = 0.2;
    private const double LeastShareOfDay = 0.01;
    private const long LeastNano = 1_000_000_000;
    private const int LeastUnpriced = 100;
    private const double MostUnpriced = 0.01;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Versions = TimeSpan.FromDays(7);

    private readonly Dictionary<int, RecentTraffic> _recent = [];

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                // Ticks that come while this one is looked at are one: a clock that leaps is looked at once.
                await Task.Yield();
                foreach (var (workspaceId, board) in boards.All.ToArray())
                {
                    try
                    {
                        await LookAsync(workspaceId, board.Policy, stoppingToken);
                    }
                    catch (Exception error) when (error is LedgerUnavailableException or System.Data.Common.DbException)
                    {
                        LogNotLooked(logger, error);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The product stops.
        }
    }

    private async Task LookAsync(int workspaceId, WorkspacePolicy policy, CancellationToken stopping)
    {
        if (!_recent.TryGetValue(workspaceId, out var recent))
        {
            _recent[workspaceId] = recent = new RecentTraffic(workspaceId, history);
        }

        var now = time.GetUtcNow();
        recent.Read(policy, now);
        if (await IsMutedAsync(workspaceId, now))
        {
            return;
        }

        foreach (var (budget, ring, expected) in recent.Budgets)
        {
            if (boards[workspaceId].Find(budget.Id)?.Read(null, now) is { Limits.Usd: { } limit } reading
                && FastBurnRules.Find(budget.Window.Kind, reading.Window, reading.Sums.Spend, limit, ring, expected, now) is { } burn)
            {
                await writer.TellBurnAsync(workspaceId, budget.Id, null, burn);
            }
        }

        foreach (var (budget, key, ring, expected) in recent.Keys)
        {
            if (boards[workspaceId].Find(budget.Id)?.Read(key, now) is not { } reading)
            {
                continue;
            }

            if (reading.Limits.Usd is { } limit && FastBurnRules.Find(budget.Window.Kind, reading.Window, reading.Sums.Spend, limit, ring, expected, now) is { } burn)
            {
                await writer.TellBurnAsync(workspaceId, budget.Id, key, burn);
            }

            if (recent.ExpectedOfAll is { } whole && SurgeRules.Find(ring, expected, whole.UsualDay, now) is { } surge)
            {
                await writer.TellSurgeAsync(workspaceId, budget.Id, key, surge);
            }
        }

        if (recent.ExpectedOfAll is not { } all)
        {
            return;
        }

        foreach (var (endpoint, ring, expected) in recent.Endpoints)
        {
            if (SurgeRules.Find(ring, expected, all.UsualDay, now) is { } surge)
            {
                await TellAsync(workspaceId, AlertKind.Surge, endpoint, endpoint, surge.Spent.Nano, surge.Expected.Nano);
            }
        }

        await DriftAsync(workspaceId, all.UsualDay, now, stopping);
        var (lately, unpriced) = (recent.All.In(now, Hour), recent.Unpriced.In(now, Hour));
        if (unpriced.Requests > MostUnpriced * lately.Requests && lately.Requests >= LeastUnpriced)
        {
            await TellAsync(workspaceId, AlertKind.Unpriced, "Requests", null, unpriced.Requests, lately.Requests);
        }

        if (lately.Requests == 0 && all.Between(now - Hour, now) is var usual && usual >= Math.Max(LeastNano, LeastShareOfDay * all.UsualDay))
        {
            await TellAsync(workspaceId, AlertKind.NoTraffic, "All traffic", null, 0, (long)usual);
        }
    }

    private async Task<bool> IsMutedAsync(int workspaceId, DateTimeOffset now)
    {
        var settings = (await workspaces.ReadAsync(workspaceId)).Document;
        return settings.MuteWindows is { } windows
            && windows.Any(window => MuteWindow.Parse(window)?.Contains(now, TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone)) == true);
    }

    /// <summary>Compares each endpoint's newest version of the week with the one before it.</summary>
    private async Task DriftAsync(int workspaceId, double usualDay, DateTimeOffset now, CancellationToken stopping)
    {
        var lines = await reports.ReadVersionsAsync(
            new SpendQuery
            {
                WorkspaceId = workspaceId, Range = new TimeWindow(now - Versions, now), Measures = SpendMeasures.Cost,
                Environment = Core.Telemetry.DeploymentEnvironment.Prod, DataMode = Core.Telemetry.DataMode.Real,
            },
            stopping);
        foreach (var endpoint in lines.GroupBy(line => line.EndpointTag, StringComparer.Ordinal))
        {
            if (endpoint.OrderByDescending(line => line.FirstSeen).Take(2).ToArray() is not [var newer, var older] || newer.FirstSeen < now - Versions
                || VersionDrift.Between(older.Sample, newer.Sample) is not { } drift || drift.Lower <= LeastDrift)
            {
                continue;
            }

            // What it costs more in a day, from what it has had of one.
            var had = now - newer.FirstSeen;
            var more = (newer.Sample.Mean - older.Sample.Mean) * newer.Sample.Requests * (TimeSpan.FromDays(1) / (had > Hour ? had : Hour));
            if (more * LeastNano >= Math.Max(LeastNano, LeastShareOfDay * usualDay))
            {
                await TellAsync(
                    workspaceId, AlertKind.Drift, $"{endpoint.Key} {newer.PromptVersion}", endpoint.Key, (long)(newer.Sample.Mean * LeastNano), (long)(older.Sample.Mean * LeastNano));
            }
        }
    }

    private async Task TellAsync(int workspaceId, AlertKind kind, string name, string? endpoint, long value, long usual) =>
        await writer.TellSignalAsync(workspaceId, new Signal(kind, name, endpoint, await OwnerAsync(workspaceId, endpoint), value, usual));

    /// <summary>Who owns an endpoint: whoever its tier entry says, else an admin.</summary>
    private async Task<string> OwnerAsync(int workspaceId, string? endpoint)
    {
        var entry = endpoint is null ? null : boards[workspaceId].Policy.Tiers.For(endpoint, out var isClassified) is var found && isClassified ? found : null;
        var owner = entry is null ? null : (await tiers.ListAsync(workspaceId)).FirstOrDefault(tier => tier.Document.Pattern == entry.Pattern.ToString())?.Document.Owner;
        if (owner is not null)
        {
            return owner;
        }

        await using var db = await databases.CreateDbContextAsync();
        return await db.Memberships.Where(row => row.WorkspaceId == workspaceId).OrderByDescending(row => row.Role == nameof(Role.Admin))
            .Join(db.Users, membership => membership.MemberId, member => member.Id, (_, member) => member.Email).FirstOrDefaultAsync() ?? "";
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Recent traffic could not be looked at; it is in a minute")]
    private static partial void LogNotLooked(ILogger logger, Exception error);
}
