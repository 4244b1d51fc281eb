using System.Text.Json;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Demo;

/// <summary>Runs the demo behind the pages: loads what is missing, then lets requests trickle in.</summary>
internal sealed partial class DemoRun(
    DemoMonthLoader loader, LedgerWriter writer, Boards boards, StorageOptions storage, TimeProvider time, ILogger<DemoRun> logger)
    : BackgroundService
{
    private const decimal UseAtStart = 0.55m;
    private const decimal LeastLimitUsd = 40m;
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The pages first: loading takes a while, and they say how far it is.
        await Task.Yield();
        try
        {
            var file = await LoadAsync(stoppingToken);
            var limit = await MakeRoomAsync();
            await TrickleAsync(file.Seed, limit, stoppingToken);
        }
        catch (Exception stop) when (stop is OperationCanceledException or LedgerUnavailableException)
        {
            if (!stoppingToken.IsCancellationRequested)
            {
                LogStopped(logger, stop);
            }
        }
    }

    private async Task<DemoFile> LoadAsync(CancellationToken stopping)
    {
        var zone = boards[Store.WorkspaceId].Zone;
        var file = DemoFile.Open(storage.DataDirectory, time.GetUtcNow());
        if (file.IsLoaded)
        {
            await loader.CatchUpAsync(file, zone, stopping);
            return file;
        }

        file.Save(storage.DataDirectory);
        await loader.LoadAsync(file, zone, stopping);
        file = file with { IsLoaded = true };
        file.Save(storage.DataDirectory);
        return file;
    }

    /// <summary>
    /// After a restart the runaway may have spent its budget already: its limit is then raised, so that the story can be
    /// watched again.
    /// </summary>
    private async Task<Usd> MakeRoomAsync()
    {
        var spent = Spent().Dollars;
        var wanted = Math.Max(LeastLimitUsd, Math.Ceiling(spent / UseAtStart));
        return await writer.EditAsync(Store.WorkspaceId, (db, now) =>
        {
            var row = db.Budgets.Find(Store.WorkspaceId, DemoPolicy.RunawayBudgetId);
            var document = row is null ? null : JsonSerializer.Deserialize<BudgetDocument>(row.Document, DocumentJson.Options);
            if (row is null || document?.LimitUsd is not { } limit)
            {
                return new PolicyEdit<Usd>(Usd.Zero, IsChanged: false, Budgets: []);
            }

            if (limit >= wanted)
            {
                return new PolicyEdit<Usd>(Usd.FromDollars(limit), IsChanged: false, Budgets: []);
            }

            var after = JsonSerializer.Serialize(document with { LimitUsd = wanted }, DocumentJson.Options);
            db.Audit.Add(new AuditRow
            {
                WorkspaceId = Store.WorkspaceId, AtTicks = now.UtcTicks, Actor = "demo", Action = "budget.replace",
                Target = row.Id, Before = row.Document, After = after,
            });
            (row.Document, row.UpdatedTicks) = (after, now.UtcTicks);
            row.Version++;
            return new PolicyEdit<Usd>(Usd.FromDollars(wanted), IsChanged: true, Budgets: [row.Id]);
        });
    }

    private async Task TrickleAsync(int seed, Usd limit, CancellationToken stopping)
    {
        if (limit <= Usd.Zero)
        {
            return;
        }

        var trickle = new DemoTrickle(seed, time.GetUtcNow(), Spent(), limit);
        var caller = new DemoCaller(boards);
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            var now = time.GetUtcNow();
            var made = trickle.Next(now, Spent()).Select(wanted => caller.Call(wanted, now)).OfType<LlmRequest>().ToArray();
            if (made.Length > 0)
            {
                await writer.AppendAsync(Store.WorkspaceId, [.. made.Select(DemoMonthLoader.Price)]);
            }
        }
    }

    private Usd Spent() =>
        boards[Store.WorkspaceId].Find(DemoPolicy.RunawayBudgetId)?.Read(null, time.GetUtcNow()).Sums.Spend ?? Usd.Zero;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The demo's traffic has stopped")]
    private static partial void LogStopped(ILogger logger, Exception error);
}
