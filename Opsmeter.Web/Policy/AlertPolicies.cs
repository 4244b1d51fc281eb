using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core.Alerts;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>Says that someone knows of an alert, or puts it off. Each is in the audit log.</summary>
public sealed class AlertPolicies(IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer, TimeProvider time)
{
    /// <summary>The longest that an alert is put off.</summary>
    public static readonly TimeSpan LongestSnooze = TimeSpan.FromDays(7);

    /// <summary>The server's clock.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Acknowledges all alerts of a budget's window; again, it changes the outcome.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="id">The incident.</param>
    /// <param name="outcome">What it led to; null while that is not known.</param>
    /// <param name="actor">Who knows.</param>
    /// <returns>False where there is no such incident.</returns>
    public Task<bool> AcknowledgeAsync(int workspaceId, string id, AlertOutcome? outcome, string actor) => EditAsync(
        workspaceId, id, "alert.acknowledge", actor, new { outcome },
        (row, now) =>
        {
            row.AcknowledgedTicks ??= now.UtcTicks;
            row.AcknowledgedBy ??= actor;
            row.Outcome = outcome is { } known ? Name(known) : row.Outcome;
            row.SnoozedUntilTicks = null;
        },
        (db, row, now) =>
        {
            StopWaiting(db, row, now);
            db.Notices.Add(Notice(row, NoticeKind.Acknowledged, now, now));
        });

    /// <summary>Puts the alerts of a budget's window off.</summary>
    /// <returns>False where there is no such incident.</returns>
    public Task<bool> SnoozeAsync(int workspaceId, string id, DateTimeOffset until, string actor) => EditAsync(
        workspaceId, id, "alert.snooze", actor, new { until }, (row, _) => row.SnoozedUntilTicks = until.UtcTicks,
        (db, row, now) =>
        {
            if (row.AcknowledgedTicks is null)
            {
                // Who put it off is told again, and the steps follow from then.
                StopWaiting(db, row, now);
                db.Notices.Add(Notice(row, NoticeKind.News, now, until));
            }
        });

    /// <summary>Acknowledges by the link of a message, once, while nothing was told since.</summary>
    /// <param name="messageId">The message that the link was in.</param>
    /// <returns>What came of it, and the budget's name.</returns>
    public async Task<(LinkOutcome Outcome, string Name)> AcknowledgeByLinkAsync(string messageId)
    {
        var workspaceId = await WorkspaceOfAsync(messageId);
        return workspaceId is null ? (LinkOutcome.Unknown, "") : await writer.EditAsync(workspaceId.Value, (db, now) =>
        {
            var message = db.Outbox.Single(row => row.MessageId == messageId);
            var row = db.Incidents.SingleOrDefault(row =>
                row.WorkspaceId == message.WorkspaceId && row.BudgetId == message.BudgetId && row.WindowStartTicks == message.WindowStartTicks);
            var name = db.Budgets.Where(budget => budget.WorkspaceId == message.WorkspaceId && budget.Id == message.BudgetId).Select(budget => budget.Name).SingleOrDefault();
            if (row is null || name is null)
            {
                return Unchanged(LinkOutcome.Unknown, "");
            }

            if (row.AcknowledgedTicks is not null)
            {
                return Unchanged(LinkOutcome.Known, name);
            }

            if (message.LinkUsedTicks is not null || db.Notices.Any(notice => notice.WorkspaceId == row.WorkspaceId && notice.BudgetId == row.BudgetId
                && notice.WindowStartTicks == row.WindowStartTicks && notice.Kind == (int)NoticeKind.News && notice.Messages > 0 && notice.DoneTicks > message.CreatedTicks))
            {
                return Unchanged(LinkOutcome.Older, name);
            }

            (message.LinkUsedTicks, row.AcknowledgedTicks, row.AcknowledgedBy, row.SnoozedUntilTicks) = (now.UtcTicks, now.UtcTicks, message.TargetName, null);
            StopWaiting(db, row, now);
            db.Notices.Add(Notice(row, NoticeKind.Acknowledged, now, now));
            db.Audit(row.WorkspaceId, now, message.TargetName, "alert.acknowledge", IncidentIds.Of(row.BudgetId, row.WindowStartTicks), null, PolicyStore.Write(new { by = "link", messageId }));
            return new PolicyEdit<(LinkOutcome, string)>((LinkOutcome.Done, name), IsChanged: true, []);
        });

        static PolicyEdit<(LinkOutcome, string)> Unchanged(LinkOutcome outcome, string name) => new((outcome, name), IsChanged: false, []);
    }

    private async Task<int?> WorkspaceOfAsync(string messageId)
    {
        await using var db = await databases.CreateDbContextAsync();
        return await db.Outbox.Where(row => row.MessageId == messageId).Select(row => (int?)row.WorkspaceId).SingleOrDefaultAsync();
    }

    private static void StopWaiting(OpsmeterDb db, IncidentRow row, DateTimeOffset now)
    {
        foreach (var waiting in db.Notices.Where(notice => notice.WorkspaceId == row.WorkspaceId && notice.BudgetId == row.BudgetId
            && notice.WindowStartTicks == row.WindowStartTicks && notice.DoneTicks == null && notice.Kind != (int)NoticeKind.Closed))
        {
            (waiting.DoneTicks, waiting.Messages) = (now.UtcTicks, 0);
        }
    }

    private static NoticeRow Notice(IncidentRow row, NoticeKind kind, DateTimeOffset now, DateTimeOffset due) => new()
    {
        WorkspaceId = row.WorkspaceId, BudgetId = row.BudgetId, WindowStartTicks = row.WindowStartTicks, Kind = (int)kind, AlertKind = (int)AlertKind.Warning,
        CreatedTicks = now.UtcTicks, DueTicks = due.UtcTicks,
    };

    private Task<bool> EditAsync(int workspaceId, string id, string action, string actor, object after, Action<IncidentRow, DateTimeOffset> edit, Action<OpsmeterDb, IncidentRow, DateTimeOffset> then) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            var parts = id.Split('~');
            if (parts.Length != 2 || !long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
                || seconds < 0 || seconds > DateTimeOffset.MaxValue.UtcTicks / TimeSpan.TicksPerSecond)
            {
                return new PolicyEdit<bool>(false, IsChanged: false, []);
            }

            var (budgetId, from) = (parts[0], seconds * TimeSpan.TicksPerSecond);
            var row = db.Incidents.SingleOrDefault(row => row.WorkspaceId == workspaceId && row.BudgetId == budgetId
                && row.WindowStartTicks >= from && row.WindowStartTicks < from + TimeSpan.TicksPerSecond);
            if (row is null)
            {
                return new PolicyEdit<bool>(false, IsChanged: false, []);
            }

            edit(row, now);
            then(db, row, now);
            db.Audit(workspaceId, now, actor, action, id, null, PolicyStore.Write(after));
            return new PolicyEdit<bool>(true, IsChanged: true, []);
        });

    private static string Name(AlertOutcome outcome) => outcome switch
    {
        AlertOutcome.Nothing => "nothing",
        AlertOutcome.Contained => "contained",
        AlertOutcome.PolicyChanged => "policyChanged",
        AlertOutcome.Expected => "expected",
        AlertOutcome.FalseAlarm => "falseAlarm",
    };
}

/// <summary>What came of a link that says that someone knows.</summary>
public enum LinkOutcome
{
    /// <summary>It is known now.</summary>
    Done,

    /// <summary>It was known before.</summary>
    Known,

    /// <summary>The link was used before, or something was told since.</summary>
    Older,

    /// <summary>There is no such message, or nothing left to know of.</summary>
    Unknown,
}
