using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Live;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Demo;

/// <summary>Stores the invented month and its policy, through the writer that every request goes through.</summary>
internal sealed partial class DemoMonthLoader(
    LedgerWriter writer, IDbContextFactory<OpsmeterDb> databases, DemoState state, TimeProvider time, ILogger<DemoMonthLoader> logger)
{
    private const int BatchRows = 2_000;
    private const int BatchesALine = 25;
    private const string Actor = "demo";
    private static readonly TimeSpan Stale = TimeSpan.FromHours(1);

    /// <summary>Stores a month. Begun again after it was cut short, it stores what is missing: the ids are the same.</summary>
    public async Task LoadAsync(DemoFile file, TimeZoneInfo zone, CancellationToken stopping)
    {
        // Made twice rather than kept: a month of rows is a hundred megabytes.
        var month = DemoTraffic.Before(file.Seed, file.MonthEnd, zone).Select(PriceThen);
        await StoreAsync(month, DemoTraffic.UsualRequests, stopping);
        await StorePolicyAsync(DemoPolicy.For(month.Select(row => row.Row), file.MonthEnd, zone.Id));
        LogLoaded(logger, state.Loaded);
    }

    /// <summary>Fills the days since the demo last ran, so that its month is always the last one.</summary>
    public async Task CatchUpAsync(DemoFile file, TimeZoneInfo zone, CancellationToken stopping)
    {
        var now = time.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(stopping);
        var newest = new DateTimeOffset(await db.Requests.MaxAsync(row => row.OccurredTicks, stopping), TimeSpan.Zero);
        if (now - newest < Stale)
        {
            return;
        }

        // Another start: other ids.
        var prefix = "demo_" + now.ToUnixTimeMilliseconds().ToString("x", CultureInfo.InvariantCulture);
        var missing = DemoTraffic.Before(file.Seed, now, zone)
            .Where(request => request.OccurredAt > newest)
            .Select(request => PriceThen(request with { ExternalRequestId = prefix + request.ExternalRequestId[4..] }));
        var share = Math.Min(1, (now - newest) / DemoTraffic.Month);
        await StoreAsync(missing, (int)(DemoTraffic.UsualRequests * share), stopping);
        LogCaughtUp(logger, state.Loaded, newest);
    }

    /// <summary>A row as ingest would hand it to the writer, had the demo run then: it arrived when its call was over.</summary>
    private static LedgerRow PriceThen(LlmRequest request)
    {
        var row = Price(request);
        return new LedgerRow
        {
            Row = row.Row, Rates = row.Rates, OccurredAtGiven = true, ReceivedAt = request.OccurredAt.AddMilliseconds(request.LatencyMs),
        };
    }

    /// <summary>A row as ingest would hand it to the writer.</summary>
    internal static LedgerRow Price(LlmRequest request)
    {
        var priced = PriceBook.BuiltIn.Price(request);
        return new LedgerRow
        {
            Row = new PricedRow(request, priced.Provider, priced.Cost), Rates = priced.Rates, OccurredAtGiven = true,
        };
    }

    private async Task StoreAsync(IEnumerable<LedgerRow> rows, int about, CancellationToken stopping)
    {
        (state.Loaded, state.Total) = (0, about);
        foreach (var batch in rows.Chunk(BatchRows))
        {
            stopping.ThrowIfCancellationRequested();
            await writer.AppendAsync(Store.WorkspaceId, batch);
            state.Loaded += batch.Length;
            if (state.Loaded / BatchRows % BatchesALine == 0)
            {
                LogProgress(logger, state.Loaded, state.Total);
            }
        }

        state.Total = 0;
    }

    private async Task StorePolicyAsync(DemoPolicy policy)
    {
        await using var reader = await databases.CreateDbContextAsync();
        var owner = await reader.Users.Where(row => row.Email != DemoAccount.Backup).OrderBy(row => row.Id).Select(row => row.Email).FirstAsync()
            ?? throw new InvalidOperationException("The demo has no member.");
        await writer.EditAsync(Store.WorkspaceId, (db, now) =>
        {
            if (db.Budgets.Any())
            {
                return new PolicyEdit<bool>(false, IsChanged: false, Budgets: []);
            }

            db.Budgets.AddRange(policy.Budgets.Select(budget => DemoDocuments.Of(Store.WorkspaceId, budget, owner, DemoAccount.Backup, now)));
            db.Tiers.AddRange(DemoPolicy.Tiers.Select((entry, number) => DemoDocuments.Of(Store.WorkspaceId, entry, number, now)));
            db.Audit.Add(new AuditRow
            {
                WorkspaceId = Store.WorkspaceId, AtTicks = now.UtcTicks, Actor = Actor, Action = "demo.load", Target = "policy",
            });
            return new PolicyEdit<bool>(true, IsChanged: true, Budgets: null);
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Demo data: {Loaded:N0} of about {Total:N0} requests")]
    private static partial void LogProgress(ILogger logger, int loaded, int total);

    [LoggerMessage(Level = LogLevel.Information, Message = "Demo data: {Count:N0} requests and their policy are loaded")]
    private static partial void LogLoaded(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Demo data: {Count:N0} requests since {Newest:u} are filled in")]
    private static partial void LogCaughtUp(ILogger logger, int count, DateTimeOffset newest);
}
