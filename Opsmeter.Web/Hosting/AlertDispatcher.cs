using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core.Alerts;
using Opsmeter.Web.Alerts;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// Makes messages of what is to be told once its time has come: to whom the escalation says, with who is behind it, and
/// with the later steps that follow while nobody has said that they know.
/// </summary>
internal sealed partial class AlertDispatcher(
    IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer, LedgerFeed feed, AlertInbox inbox, Boards boards, AlertLinks links, AlertOptions options,
    TimeProvider time, ILogger<AlertDispatcher> logger)
    : BackgroundService
{
    private const int MostAtOnce = 100;
    private static readonly TimeSpan LeastLastWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var bell = new Bell(feed, time);
        try
        {
            while (true)
            {
                try
                {
                    await TellDueAsync(stoppingToken);
                    await bell.WaitAsync(stoppingToken);
                }
                catch (Exception error) when (error is LedgerUnavailableException or System.Data.Common.DbException or JsonException)
                {
                    LogNotTold(logger, error);
                    await Task.Delay(AfterFailure, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The product stops.
        }
    }

    private async Task TellDueAsync(CancellationToken stopping)
    {
        while (true)
        {
            await using var db = await databases.CreateDbContextAsync(stopping);
            var now = time.GetUtcNow().UtcTicks;
            var due = await db.Notices.AsNoTracking().Where(row => row.DoneTicks == null && row.DueTicks <= now)
                .OrderBy(row => row.DueTicks).ThenBy(row => row.Id).Take(MostAtOnce).ToArrayAsync(stopping);
            foreach (var notice in due)
            {
                var alert = await inbox.FindAsync(notice.WorkspaceId, notice.BudgetId, notice.WindowStartTicks, stopping);
                await writer.TellAsync(notice.WorkspaceId, (edited, at) => Tell(edited, notice, alert, at));
            }

            if (due.Length < MostAtOnce)
            {
                return;
            }
        }
    }

    private bool Tell(OpsmeterDb db, NoticeRow read, AlertItem? alert, DateTimeOffset now)
    {
        // What was raised since it was read is in no message yet: it is read once more.
        var notice = db.Notices.Single(row => row.Id == read.Id);
        if (notice.DoneTicks is not null || notice.AlertKind != read.AlertKind)
        {
            return false;
        }

        var incident = db.Incidents.SingleOrDefault(row =>
            row.WorkspaceId == notice.WorkspaceId && row.BudgetId == notice.BudgetId && row.WindowStartTicks == notice.WindowStartTicks);
        var document = db.Budgets.Where(row => row.WorkspaceId == notice.WorkspaceId && row.Id == notice.BudgetId).Select(row => row.Document).SingleOrDefault();
        var audience = document is not null ? AlertAudience.Of(JsonSerializer.Deserialize<BudgetDocument>(document, DocumentJson.Options)!)
            : notice.BudgetId.StartsWith(Signal.Start, StringComparison.Ordinal) && incident is not null ? AlertAudience.OfSignal(incident.Owner) : null;
        if (alert is null || incident is null || audience is null)
        {
            Finish(notice, now, 0);
            return true;
        }

        var told = new Telling(db, notice, incident, alert, audience, new AlertReceivers(db, notice.WorkspaceId, audience, options.Mail is not null), now);
        switch ((NoticeKind)notice.Kind)
        {
            case NoticeKind.News:
                News(told);
                break;
            case NoticeKind.Step:
                var isOver = IsOver(told) || incident.AcknowledgedTicks is not null || incident.RecoveredTicks is not null;
                Finish(notice, now, isOver ? 0 : Send(told, MessageType.Escalated, [notice.Notify]));
                break;
            case NoticeKind.LastStepOver:
                incident.UnreachedTicks = IsOver(told) || incident.AcknowledgedTicks is not null || incident.RecoveredTicks is not null ? incident.UnreachedTicks : now.UtcTicks;
                Finish(notice, now, 0);
                break;
            case NoticeKind.Acknowledged:
                Finish(notice, now, SendToPrograms(told, MessageType.Acknowledged));
                break;
            case NoticeKind.Closed:
                Finish(notice, now, SendToPrograms(told, MessageType.Closed));
                break;
        }

        return true;
    }

    private void News(Telling told)
    {
        var (notice, incident, kind) = (told.Notice, told.Incident, (AlertKind)told.Notice.AlertKind);
        if (IsOver(told) || (incident.RecoveredTicks is not null && kind != AlertKind.Recovered))
        {
            Finish(notice, told.Now, 0);
            return;
        }

        if (incident.SnoozedUntilTicks > told.Now.UtcTicks)
        {
            notice.DueTicks = incident.SnoozedUntilTicks.Value;
            return;
        }

        (notice.Keys, notice.Excess) = (told.Alert.KeyCount, told.Alert.Keys.Where(key => key.Kind >= AlertKind.Exceeded).Sum(key => key.Limit > 0 ? Math.Max(0, (double)((key.Used - key.Limit) / key.Limit)) : 0));
        if (told.Audience.IsPerKey && kind != AlertKind.Recovered)
        {
            var day = LatestOfKeys(told);
            if (day.Length == AlertPacing.MostOfKeysADay && day[^1].DoneTicks > (told.Now - Day).UtcTicks)
            {
                notice.DueTicks = day[^1].DoneTicks!.Value + Day.Ticks;
                return;
            }

            if (day.FirstOrDefault(row => row.WindowStartTicks == notice.WindowStartTicks) is { } last && !AlertPacing.HasGrown((last.Keys, last.Excess), (notice.Keys, notice.Excess)))
            {
                Finish(notice, told.Now, 0);
                return;
            }
        }

        if (kind == AlertKind.Recovered)
        {
            Drop(told.Db, notice, told.Now);
            var steps = Steps(told).Where(step => step.AfterMinutes == 0).Select(step => step.Notify).ToArray();
            Finish(notice, told.Now, Send(told, MessageType.Recovered, steps) + SendToPrograms(told, MessageType.Recovered));
            return;
        }

        var all = Steps(told);
        Finish(notice, told.Now, Send(told, MessageType.Raised, [.. all.Where(step => step.AfterMinutes == 0).Select(step => step.Notify)]));
        if (AlertPacing.NeedsAcknowledgement(told.Alert.Kind) && incident.AcknowledgedTicks is null)
        {
            Escalate(told, all);
        }

        if (told.Alert.WindowEnd is { } end && !OfIncident(told.Db, notice).Any(row => row.Kind == (int)NoticeKind.Closed))
        {
            Schedule(told, NoticeKind.Closed, "", end);
        }
    }

    /// <summary>Writes down the later steps; once for a window of a budget that counts by a key, otherwise unless some wait.</summary>
    private static void Escalate(Telling told, IReadOnlyList<EscalationStepDocument> steps)
    {
        var written = OfIncident(told.Db, told.Notice).Where(row => row.Kind == (int)NoticeKind.Step || row.Kind == (int)NoticeKind.LastStepOver);
        if (!told.Audience.IsPerKey ? written.Any(row => row.DoneTicks == null) : written.Any(row => row.CreatedTicks >= told.Incident.OpenedTicks && row.Messages != 0))
        {
            return;
        }

        foreach (var step in steps.Where(step => step.AfterMinutes > 0))
        {
            Schedule(told, NoticeKind.Step, step.Notify, told.Now.AddMinutes(step.AfterMinutes));
        }

        var before = steps.Count > 1 ? steps[^2].AfterMinutes : 0;
        var wait = TimeSpan.FromMinutes(steps[^1].AfterMinutes - before);
        told.Incident.UnreachedTicks = null;
        Schedule(told, NoticeKind.LastStepOver, "", told.Now.AddMinutes(steps[^1].AfterMinutes) + (wait > LeastLastWait ? wait : LeastLastWait));
    }

    /// <summary>The steps of the budget's escalation; the fast ones where the dearest endpoint is of Tier 1.</summary>
    private IReadOnlyList<EscalationStepDocument> Steps(Telling told)
    {
        var document = told.Db.Escalations.Where(row => row.WorkspaceId == told.Notice.WorkspaceId && row.Name == told.Audience.Escalation)
            .Select(row => row.Document).SingleOrDefault();
        var escalation = document is null ? EscalationDocument.Default : JsonSerializer.Deserialize<EscalationDocument>(document, DocumentJson.Options)!;
        var dearest = told.Alert.Concentration?.Endpoints is [{ Value: { } endpoint }, ..] ? endpoint : null;
        var isFast = dearest is not null && escalation.FastSteps.Count > 0
            && boards[told.Notice.WorkspaceId].Policy.Tiers.For(dearest).Tier == Core.Budgets.Tier.Tier1;
        return isFast ? escalation.FastSteps : escalation.Steps;
    }

    private int Send(Telling told, MessageType type, IReadOnlyList<string> notify)
    {
        var receivers = notify.Select(told.Receivers.Find).OfType<AlertReceiver>().DistinctBy(receiver => receiver.Target).ToArray();
        foreach (var receiver in receivers)
        {
            Send(told, type, receiver);
        }

        return receivers.Length;
    }

    /// <summary>Tells those that keep the state of an incident themselves, as far as they were told of it.</summary>
    private int SendToPrograms(Telling told, MessageType type)
    {
        var (workspaceId, budgetId, start) = (told.Notice.WorkspaceId, told.Notice.BudgetId, told.Notice.WindowStartTicks);
        var waiting = told.Db.Outbox.Local.Where(row => row.NoticeId == told.Notice.Id).Select(row => row.Target).ToHashSet(StringComparer.Ordinal);
        var targets = told.Db.Outbox.Where(row => row.WorkspaceId == workspaceId && row.BudgetId == budgetId && row.WindowStartTicks == start)
            .Select(row => row.Target).Distinct().ToArray();
        var channels = told.Db.Channels.Where(row => row.WorkspaceId == workspaceId && targets.Contains(row.Id)).ToArray()
            .Where(row => !waiting.Contains(row.Id) && JsonSerializer.Deserialize<ChannelDocument>(row.Document, DocumentJson.Options)!.Kind is ChannelKind.Webhook or ChannelKind.Pagerduty)
            .ToArray();
        foreach (var channel in channels)
        {
            Send(told, type, told.Receivers.Find(channel.Name)!);
        }

        return channels.Length;
    }

    private void Send(Telling told, MessageType type, AlertReceiver receiver)
    {
        var id = ChannelTests.NewId();
        var acknowledge = type is MessageType.Raised or MessageType.Escalated && told.Incident.AcknowledgedTicks is null ? links.ToAcknowledge(id) : null;
        var message = AlertWriting.Write(type, told.Alert, told.Now, Zone(told), links.To(told.Alert.Link), acknowledge);
        told.Db.Outbox.Add(new OutboxRow
        {
            WorkspaceId = told.Notice.WorkspaceId,
            MessageId = id,
            NoticeId = told.Notice.Id,
            BudgetId = told.Notice.BudgetId,
            WindowStartTicks = told.Notice.WindowStartTicks,
            Target = receiver.Target,
            TargetName = receiver.Name,
            Payload = JsonSerializer.Serialize(message, DocumentJson.Options),
            CreatedTicks = told.Now.UtcTicks,
            NextAttemptTicks = receiver.Obstacle is null ? told.Now.UtcTicks : null,
            ParkedTicks = receiver.Obstacle is null ? null : told.Now.UtcTicks,
            Error = receiver.Obstacle,
        });
    }

    private TimeZoneInfo Zone(Telling told) => TimeZoneInfo.FindSystemTimeZoneById(boards[told.Notice.WorkspaceId].Policy.Settings.TimeZone);

    /// <summary>The last messages of a budget that counts by a key, the newest first.</summary>
    private static NoticeRow[] LatestOfKeys(Telling told) => [.. told.Db.Notices
        .Where(row => row.WorkspaceId == told.Notice.WorkspaceId && row.BudgetId == told.Notice.BudgetId && row.Kind == (int)NoticeKind.News && row.Messages > 0)
        .OrderByDescending(row => row.DoneTicks).Take(AlertPacing.MostOfKeysADay)];

    private static bool IsOver(Telling told) => told.Alert.WindowEnd <= told.Now;

    private static IQueryable<NoticeRow> OfIncident(OpsmeterDb db, NoticeRow notice) => db.Notices.Where(row =>
        row.WorkspaceId == notice.WorkspaceId && row.BudgetId == notice.BudgetId && row.WindowStartTicks == notice.WindowStartTicks);

    private static void Drop(OpsmeterDb db, NoticeRow but, DateTimeOffset now)
    {
        foreach (var waiting in OfIncident(db, but).Where(row => row.DoneTicks == null && row.Id != but.Id && row.Kind != (int)NoticeKind.Closed))
        {
            Finish(waiting, now, 0);
        }
    }

    private static void Schedule(Telling told, NoticeKind kind, string notify, DateTimeOffset due) => told.Db.Notices.Add(new NoticeRow
    {
        WorkspaceId = told.Notice.WorkspaceId, BudgetId = told.Notice.BudgetId, WindowStartTicks = told.Notice.WindowStartTicks, Kind = (int)kind,
        AlertKind = told.Notice.AlertKind, Notify = notify, CreatedTicks = told.Now.UtcTicks, DueTicks = due.UtcTicks,
    });

    private static void Finish(NoticeRow notice, DateTimeOffset now, int messages) => (notice.DoneTicks, notice.Messages) = (now.UtcTicks, messages);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What is to be told could not be read or written; it is tried again")]
    private static partial void LogNotTold(ILogger logger, Exception error);

    private sealed record Telling(
        OpsmeterDb Db, NoticeRow Notice, IncidentRow Incident, AlertItem Alert, AlertAudience Audience, AlertReceivers Receivers, DateTimeOffset Now);
}
