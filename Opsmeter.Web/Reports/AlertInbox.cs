using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>Reads what people were told of, budget and window by budget and window, the newest first.</summary>
public sealed class AlertInbox(IDbContextFactory<OpsmeterDb> databases, Boards boards, AlertCauses causes, TimeProvider time)
{
    /// <summary>How many are given at once.</summary>
    public const int MostAPage = 20;

    private const int RowsAtOnce = 500;
    private const int MostKeys = 20;
    private const int MostMessages = 50;
    private const int MostNews = 3;
    private static readonly TimeSpan SignalSpan = TimeSpan.FromHours(6);
    private const decimal NanoPerUsd = 1_000_000_000m;

    /// <summary>Reads a page.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="state">Only those that stand so; null for all.</param>
    /// <param name="budgetId">Only those of one budget; null for all.</param>
    /// <param name="before">Only those that were opened before; null for the newest.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The incidents, and where the next page begins, or null.</returns>
    public async Task<(IReadOnlyList<AlertItem> Items, long? Next)> ReadAsync(
        int workspaceId, AlertState? state, string? budgetId, long? before, CancellationToken cancellation = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var now = time.GetUtcNow();
        var items = new List<AlertItem>();
        var from = before ?? long.MaxValue;
        while (true)
        {
            var rows = await db.Incidents.AsNoTracking()
                .Where(row => row.WorkspaceId == workspaceId && row.OpenedTicks < from && (budgetId == null || row.BudgetId == budgetId))
                .OrderByDescending(row => row.OpenedTicks).Take(RowsAtOnce).ToArrayAsync(cancellation);
            foreach (var row in rows)
            {
                // Those of one commit are opened at one time, and stay on one page.
                if (items.Count >= MostAPage && row.OpenedTicks < from)
                {
                    return (items, from);
                }

                var alerts = await AlertsOf(db, row).ToArrayAsync(cancellation);
                if (alerts.Length > 0 && StateOf(row, alerts[0].WindowEndTicks, now) is var stands && (state is null || state == stands))
                {
                    items.Add(await FollowAsync(db, row, await ItemAsync(row, alerts, stands, now, cancellation), cancellation));
                }

                from = row.OpenedTicks;
            }

            if (rows.Length < RowsAtOnce)
            {
                return (items, null);
            }
        }
    }

    /// <summary>Reads one; null where nothing was told of it.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="budgetId">The budget.</param>
    /// <param name="windowStartTicks">When its window begins.</param>
    /// <param name="cancellation">Stops it.</param>
    public async Task<AlertItem?> FindAsync(int workspaceId, string budgetId, long windowStartTicks, CancellationToken cancellation = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var row = await db.Incidents.AsNoTracking().SingleOrDefaultAsync(
            row => row.WorkspaceId == workspaceId && row.BudgetId == budgetId && row.WindowStartTicks == windowStartTicks, cancellation);
        if (row is null)
        {
            return null;
        }

        var alerts = await AlertsOf(db, row).ToArrayAsync(cancellation);
        var now = time.GetUtcNow();
        return alerts.Length == 0 ? null : await ItemAsync(row, alerts, StateOf(row, alerts[0].WindowEndTicks, now), now, cancellation);
    }

    /// <summary>How many are open: nobody has said that they know.</summary>
    public async Task<int> CountOpenAsync(int workspaceId)
    {
        await using var db = await databases.CreateDbContextAsync();
        var now = time.GetUtcNow().UtcTicks;
        var budgets = boards.TryGet(workspaceId, out var board) ? board.Budgets.Select(each => each.Budget.Id).ToArray() : [];
        return await db.Incidents.CountAsync(row => row.WorkspaceId == workspaceId && row.AcknowledgedTicks == null && row.RecoveredTicks == null && (budgets.Contains(row.BudgetId) || row.BudgetId.StartsWith(Signal.Start))
            && (row.SnoozedUntilTicks == null || row.SnoozedUntilTicks <= now)
            && db.Alerts.Any(alert => alert.WorkspaceId == workspaceId && alert.BudgetId == row.BudgetId
                && alert.WindowStartTicks == row.WindowStartTicks && alert.WindowEndTicks > now));
    }

    /// <summary>What was told since, the newest last, at most three, but for what goes to the inbox alone; and the number of the last of all.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="after">The number of the last that is known; null to learn it.</param>
    public async Task<(IReadOnlyList<(string Name, AlertKind Kind)> News, long Last)> NewsAsync(int workspaceId, long? after)
    {
        await using var db = await databases.CreateDbContextAsync();
        var last = await db.Alerts.Where(row => row.WorkspaceId == workspaceId).MaxAsync(row => (long?)row.Id) ?? 0;
        var rows = after is null || after == last ? [] : await db.Alerts.AsNoTracking()
            .Where(row => row.WorkspaceId == workspaceId && row.Id > after && !row.IsQuiet).OrderByDescending(row => row.Id).Take(MostNews).ToArrayAsync();
        return ([.. rows.Reverse().Select(row => (row.BudgetName, (AlertKind)row.Kind))], last);
    }

    /// <summary>Adds what follows, and what became of its messages.</summary>
    private static async Task<AlertItem> FollowAsync(OpsmeterDb db, IncidentRow row, AlertItem item, CancellationToken cancellation)
    {
        var next = await db.Notices.AsNoTracking()
            .Where(notice => notice.WorkspaceId == row.WorkspaceId && notice.BudgetId == row.BudgetId && notice.WindowStartTicks == row.WindowStartTicks
                && notice.DoneTicks == null && notice.Kind == (int)NoticeKind.Step)
            .OrderBy(notice => notice.DueTicks).FirstOrDefaultAsync(cancellation);
        var messages = await db.Outbox.AsNoTracking()
            .Where(message => message.WorkspaceId == row.WorkspaceId && message.BudgetId == row.BudgetId && message.WindowStartTicks == row.WindowStartTicks)
            .OrderByDescending(message => message.Id).Take(MostMessages).ToArrayAsync(cancellation);
        var ids = messages.Select(message => message.Id).ToArray();
        var attempts = (await db.DeliveryAttempts.AsNoTracking().Where(attempt => ids.Contains(attempt.OutboxId)).OrderBy(attempt => attempt.Id).ToArrayAsync(cancellation))
            .ToLookup(attempt => attempt.OutboxId, attempt => new DeliveryAttempt(At(attempt.AtTicks), attempt.Milliseconds, attempt.Status, attempt.Error));
        return item with
        {
            NextStep = next is null || item.State == AlertState.Ended ? null : new AlertStep(next.Notify, At(next.DueTicks)),
            UnreachedAt = row.UnreachedTicks is { } unreached ? At(unreached) : null,
            Deliveries = [.. messages.Select(message => new AlertDelivery(
                message.MessageId, message.TargetName,
                message.SentTicks is not null ? DeliveryState.Sent : message.ParkedTicks is not null ? DeliveryState.Parked : DeliveryState.Waiting,
                At(message.CreatedTicks), message.Attempts, message.NextAttemptTicks is { } at ? At(at) : null, message.SentTicks is { } sent ? At(sent) : null, message.Error, [.. attempts[message.Id]]))],
        };
    }

    private static IQueryable<AlertRow> AlertsOf(OpsmeterDb db, IncidentRow row) => db.Alerts.AsNoTracking()
        .Where(alert => alert.WorkspaceId == row.WorkspaceId && alert.BudgetId == row.BudgetId && alert.WindowStartTicks == row.WindowStartTicks)
        .OrderBy(alert => alert.Id);

    // A budget that was deleted or switched off has nothing more to wait for.
    private AlertState StateOf(IncidentRow row, long endTicks, DateTimeOffset now) =>
        row.RecoveredTicks is not null || endTicks <= now.UtcTicks || (!IsSignal(row.BudgetId) && boards[row.WorkspaceId].Find(row.BudgetId) is null) ? AlertState.Ended
        : row.AcknowledgedTicks is not null ? AlertState.Acknowledged
        : row.SnoozedUntilTicks > now.UtcTicks ? AlertState.Snoozed
        : AlertState.Open;

    private async Task<AlertItem> ItemAsync(IncidentRow row, AlertRow[] alerts, AlertState state, DateTimeOffset now, CancellationToken cancellation)
    {
        var told = alerts.Where(alert => alert.Kind != (int)AlertKind.Recovered).ToArray();

        // Of a budget that counts together the latest, since its limit may be another by now; of keys the one furthest past.
        var worst = (told.Length > 0 ? told : alerts).OrderByDescending(alert => alert.Kind)
            .ThenByDescending(alert => alert.Key.Length == 0 ? alert.Id : Use(alert)).First();
        var keys = told.Where(alert => alert.Key.Length > 0).GroupBy(alert => alert.Key)
            .Select(group => group.OrderByDescending(alert => alert.Kind).ThenByDescending(Use).First()).OrderByDescending(alert => alert.Used - alert.LimitValue).ToArray();
        var window = new TimeWindow(At(row.WindowStartTicks), At(alerts[0].WindowEndTicks));
        var until = At(alerts[^1].AtTicks);
        var budget = IsSignal(row.BudgetId) ? SignalBudgets.Of(worst.Subject) : boards[row.WorkspaceId].Find(row.BudgetId)?.Budget;
        var (concentration, link) = await causes.FindAsync(row.WorkspaceId, budget, IsSignal(row.BudgetId) ? new TimeWindow(window.Start - SignalSpan, window.Start) : window, until < window.End ? until : window.End,
            [.. keys.Take(MostKeys).Select(alert => KeyOf(alert.Key)).Where(key => key.Length > 0)], cancellation);
        return new AlertItem
        {
            Id = IncidentIds.Of(row.BudgetId, row.WindowStartTicks),
            BudgetId = row.BudgetId,
            Name = IsSignal(row.BudgetId) ? worst.BudgetName : budget?.Name ?? alerts[^1].BudgetName,
            Endpoint = worst.Subject,
            Kind = (AlertKind)worst.Kind,
            Kinds = [.. alerts.SelectMany(alert => new AlertKinds(alert.Kinds).All).Distinct()],
            State = state,
            Owner = row.Owner,
            OpenedAt = At(row.OpenedTicks),
            At = until,
            WindowStart = window.Start,
            WindowEnd = window.IsTotal ? null : window.End,
            Keys = [.. keys.Take(MostKeys).Select(alert => new AlertKey(
                KeyOf(alert.Key), (AlertKind)alert.Kind, Amount(alert.Used, alert.Measure), Amount(alert.LimitValue, alert.Measure), At(alert.AtTicks)))],
            KeyCount = keys.Length,
            Measure = (Measure)worst.Measure,
            Used = Amount(worst.Used, MeasureOf(worst)),
            Limit = Amount(worst.LimitValue, MeasureOf(worst)),
            BurnLong = worst.BurnLong,
            BurnShort = worst.BurnShort,
            ForecastUsd = alerts.LastOrDefault(alert => alert.ForecastNano is not null)?.ForecastNano / NanoPerUsd,
            Concentration = concentration,
            Link = link,
            AcknowledgedAt = row.AcknowledgedTicks is { } at ? At(at) : null,
            AcknowledgedBy = row.AcknowledgedBy,
            Outcome = row.Outcome,
            SnoozedUntil = row.SnoozedUntilTicks is { } snoozed && snoozed > now.UtcTicks ? At(snoozed) : null,
        };
    }

    private static bool IsSignal(string budgetId) => budgetId.StartsWith(Signal.Start, StringComparison.Ordinal);

    private static int MeasureOf(AlertRow alert) => alert.Kind == (int)AlertKind.Unpriced ? (int)Measure.Requests : alert.Measure;

    private static double Use(AlertRow alert) => alert.LimitValue > 0 ? alert.Used / (double)alert.LimitValue : 0;

    private static decimal Amount(long value, int measure) => (Measure)measure == Measure.Usd ? value / NanoPerUsd : value;

    // Requests without the dimension are kept under a control character, which no key holds.
    private static string KeyOf(string key) => char.IsControl(key[0]) ? Budget.UnkeyedKey : key;

    private static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);
}
