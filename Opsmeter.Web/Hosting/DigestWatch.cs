using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Alerts;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Hosting;

/// <summary>Sends what came in a day or a week, once, when the settings say so.</summary>
internal sealed partial class DigestWatch(
    IDbContextFactory<OpsmeterDb> databases, Boards boards, WorkspacePolicies workspaces, BudgetStates states, WeeklyReviews reviews, ReviewSuggestions advice,
    LedgerHistory history, LedgerWriter writer, AlertLinks links, AlertOptions options, TimeProvider time, ILogger<DigestWatch> logger)
    : BackgroundService
{
    private const int MostLines = 10;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    // A product that was down at the time sends it when it is up again, but not half a day later.
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

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
                foreach (var workspaceId in boards.All.Select(pair => pair.Key).ToArray())
                {
                    try
                    {
                        await LookAsync(workspaceId, stoppingToken);
                    }
                    catch (Exception error) when (error is LedgerUnavailableException or System.Data.Common.DbException)
                    {
                        LogNotSent(logger, error);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The product stops.
        }
    }

    private async Task LookAsync(int workspaceId, CancellationToken stopping)
    {
        var settings = (await workspaces.ReadAsync(workspaceId)).Document;
        if (settings.Digests is not { } digests)
        {
            return;
        }

        var zone = TimeZoneInfo.FindSystemTimeZoneById(settings.TimeZone);
        var now = time.GetUtcNow();
        var today = TimeZoneInfo.ConvertTime(now, zone);
        if (DigestTimes.Daily(digests.Daily) is { } daily && IsDue(DateOnly.FromDateTime(today.DateTime), daily, zone, now))
        {
            await SendAsync(workspaceId, "day", today, digests.Notify, () => DayAsync(workspaceId, now), stopping);
        }

        if (DigestTimes.Weekly(digests.Weekly) is { } weekly && today.DayOfWeek == weekly.Day && IsDue(DateOnly.FromDateTime(today.DateTime), weekly.Time, zone, now))
        {
            await SendAsync(workspaceId, "week", today, digests.Notify, () => WeekAsync(workspaceId, now, stopping), stopping);
        }
    }

    private static bool IsDue(DateOnly day, TimeOnly at, TimeZoneInfo zone, DateTimeOffset now)
    {
        var due = WindowCalendar.StartOfDay(day, zone) + at.ToTimeSpan();
        return now >= due && now - due < Grace;
    }

    private async Task SendAsync(int workspaceId, string kind, DateTimeOffset today, string notify, Func<Task<AlertMessage>> write, CancellationToken stopping)
    {
        // The same for the same day, so that it goes out once.
        var id = string.Create(CultureInfo.InvariantCulture, $"msg_{kind}_{workspaceId}_{today:yyyyMMdd}");
        await using var db = await databases.CreateDbContextAsync(stopping);
        if (await db.Outbox.AnyAsync(row => row.MessageId == id, stopping))
        {
            return;
        }

        var message = await write();
        await writer.TellAsync(workspaceId, (edited, now) =>
        {
            var receiver = new AlertReceivers(edited, workspaceId, new AlertAudience("", null, "", IsPerKey: false), options.Mail is not null).Find(notify);
            if (receiver is null || edited.Outbox.Any(row => row.MessageId == id))
            {
                return false;
            }

            edited.Outbox.Add(new OutboxRow
            {
                WorkspaceId = workspaceId, MessageId = id, BudgetId = "", Target = receiver.Target, TargetName = receiver.Name,
                Payload = JsonSerializer.Serialize(message, DocumentJson.Options), CreatedTicks = now.UtcTicks,
                NextAttemptTicks = receiver.Obstacle is null ? now.UtcTicks : null, ParkedTicks = receiver.Obstacle is null ? null : now.UtcTicks, Error = receiver.Obstacle,
            });
            return true;
        });
    }

    private async Task<AlertMessage> DayAsync(int workspaceId, DateTimeOffset now)
    {
        var (spent, before) = (Spent(workspaceId, now.AddDays(-1), now), Spent(workspaceId, now.AddDays(-8), now.AddDays(-7)));
        await using var db = await databases.CreateDbContextAsync();
        var since = now.AddDays(-1).UtcTicks;
        var told = await db.Alerts.AsNoTracking().Where(row => row.WorkspaceId == workspaceId && row.RecordedTicks > since).OrderByDescending(row => row.Kind).ToArrayAsync();
        var quiet = told.Where(row => row.IsQuiet).ToArray();
        return new AlertMessage
        {
            Type = MessageType.Digest,
            At = now,
            Severity = MessageSeverity.Info,
            Title = $"The last day: {Money(spent)}",
            Facts =
            [
                new MessageFact("A week before", Money(before)), new MessageFact("Alerts", Number(told.Length - quiet.Length)), new MessageFact("Without a message", Number(quiet.Length)),
            ],
            Lists =
            [
                new MessageList("Budgets", [.. states.Read(workspaceId).Where(item => item.LimitUsd is not null).OrderByDescending(item => item.Use).Take(MostLines).Select(item =>
                    $"{AlertWriting.Cut(item.Name, 100)}{(item.Key is { Length: > 0 } key ? " " + AlertWriting.Cut(key, 100) : "")}: {Money(Usd.FromDollars(item.SpentUsd))} of {Money(Usd.FromDollars(item.LimitUsd!.Value))}")]),
                new MessageList("Told in the inbox alone", [.. quiet.Take(MostLines).Select(row =>
                    $"{AlertWriting.Cut(row.BudgetName, 100)} {AlertWriting.Words((Core.Alerts.AlertKind)row.Kind)}{(row.Key.Length > 0 && !char.IsControl(row.Key[0]) ? " for " + AlertWriting.Cut(row.Key, 100) : "")}")]),
            ],
            Link = links.To("alerts?state=all"),
            DedupKey = "opsmeter~digest",
        };
    }

    private async Task<AlertMessage> WeekAsync(int workspaceId, DateTimeOffset now, CancellationToken stopping)
    {
        var review = await reviews.ReadAsync(workspaceId, stopping);
        var suggested = (await advice.FindAsync(workspaceId, stopping)).Count(suggestion => !review.Decisions.ContainsKey(suggestion.Id));
        var (spent, before) = (Spent(workspaceId, review.Week.Start, review.Week.End), Spent(workspaceId, review.Week.Start.AddDays(-7), review.Week.Start));
        return new AlertMessage
        {
            Type = MessageType.Digest,
            At = now,
            Severity = MessageSeverity.Info,
            Title = $"The last week: {Money(spent)}",
            Facts =
            [
                new MessageFact("The week before", Money(before)), new MessageFact("Alerts", Number(review.Budgets.Sum(budget => budget.Alerts))),
                new MessageFact("Led to nothing", Number(review.Budgets.Sum(budget => budget.LedToNothing))), new MessageFact("Suggestions that wait", Number(suggested)),
            ],
            Lists =
            [
                new MessageList("Budgets", [.. review.Budgets.OrderByDescending(budget => budget.PeakUse ?? 0).Take(MostLines).Select(budget =>
                    $"{AlertWriting.Cut(budget.Name, 100)}: {Money(budget.Spent)}, {Money(budget.Before)} the week before")]),
                new MessageList("Endpoints", [.. review.Endpoints.Take(MostLines).Select(endpoint =>
                    $"{AlertWriting.Cut(endpoint.Endpoint, 100)}: {Money(endpoint.Spent)}, {Money(endpoint.Before)} the week before")]),
            ],
            Link = links.To("review"),
            DedupKey = "opsmeter~digest",
        };
    }

    private Usd Spent(int workspaceId, DateTimeOffset from, DateTimeOffset to) => new(history.HoursOf(workspaceId, boards[workspaceId].Policy.Settings.TenantFrom)(
        SignalBudgets.Of(null), Measure.Usd, new TimeWindow(ExpectedProfile.FloorOf(from), ExpectedProfile.FloorOf(to))).Sum());

    private static string Money(Usd amount) => "$" + amount.Dollars.ToString("#,##0.00", CultureInfo.InvariantCulture);

    private static string Number(int count) => count.ToString("#,##0", CultureInfo.InvariantCulture);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A digest could not be written; it is tried again in a minute")]
    private static partial void LogNotSent(ILogger logger, Exception error);
}
