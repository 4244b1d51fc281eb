using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>Reads the last completed week of the workspace's zone, and keeps what is said of it.</summary>
public sealed class WeeklyReviews(IDbContextFactory<OpsmeterDb> databases, Boards boards, LedgerHistory history, LedgerWriter writer, TimeProvider time)
{
    private const int Weeks = 8;
    private static readonly TimeSpan Late = TimeSpan.FromDays(400);

    /// <summary>The last completed week: seven days that ended at the last midnight of a week's first day.</summary>
    public TimeWindow WeekBefore(int workspaceId, DateTimeOffset now)
    {
        var settings = boards[workspaceId].Policy.Settings;
        var calendar = new WindowCalendar(new WindowSpec { Kind = WindowKind.Week, TimeZone = settings.TimeZone, WeekStartsOn = settings.WeekStartsOn });
        return calendar.Previous(calendar.WindowAt(now));
    }

    /// <summary>Reads it.</summary>
    public async Task<WeeklyReview> ReadAsync(int workspaceId, CancellationToken cancellation = default)
    {
        var now = time.GetUtcNow();
        var week = WeekBefore(workspaceId, now);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var row = await db.Reviews.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == workspaceId && row.WeekStartTicks == week.Start.UtcTicks, cancellation);
        var incidents = await db.Incidents.AsNoTracking()
            .Where(incident => incident.WorkspaceId == workspaceId && incident.OpenedTicks >= week.End.AddDays(-7 * Weeks).UtcTicks && incident.OpenedTicks < week.End.UtcTicks)
            .ToArrayAsync(cancellation);
        return new WeeklyReview
        {
            Week = week,
            Budgets = await Task.Run(() => BudgetsAsync(db, workspaceId, week, incidents, now), cancellation),
            Endpoints = await LongWork.RunAsync(() => Endpoints(workspaceId, week), cancellation),
            Trend = [.. Enumerable.Range(0, Weeks).Select(i => TrendOf(incidents, week.Start.AddDays(-7 * (Weeks - 1 - i)), now))],
            ReviewedBy = row?.ReviewedBy,
            ReviewedAt = row?.ReviewedTicks is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
            Decisions = row is null ? new Dictionary<string, ReviewDecision>() : Decisions(row),
        };
    }

    /// <summary>Keeps what was said of a suggestion.</summary>
    public Task DecideAsync(int workspaceId, TimeWindow week, ReviewSuggestion suggestion, string outcome, decimal? value, string actor) => EditAsync(
        workspaceId, week, "review." + outcome, suggestion.Target, actor, new { suggestion.Kind, suggestion.Name, suggestion.From, suggestion.To, value },
        (row, now) =>
        {
            var decisions = Decisions(row);
            decisions[suggestion.Id] = new ReviewDecision(outcome, value, actor, now);
            row.Decisions = PolicyStore.Write(decisions);
        });

    /// <summary>Keeps that someone has gone through the week.</summary>
    public Task MarkAsync(int workspaceId, TimeWindow week, string actor) => EditAsync(
        workspaceId, week, "review.marked", week.Start.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), actor, new { week.Start, week.End },
        (row, now) => (row.ReviewedBy, row.ReviewedTicks) = (actor, now.UtcTicks));

    private Task<bool> EditAsync(int workspaceId, TimeWindow week, string action, string target, string actor, object after, Action<ReviewRow, DateTimeOffset> edit) =>
        writer.TellAsync(workspaceId, (db, now) =>
        {
            var row = db.Reviews.SingleOrDefault(row => row.WorkspaceId == workspaceId && row.WeekStartTicks == week.Start.UtcTicks);
            if (row is null)
            {
                db.Reviews.Add(row = new ReviewRow { WorkspaceId = workspaceId, WeekStartTicks = week.Start.UtcTicks, Decisions = "{}" });
            }

            edit(row, now);
            db.Audit(workspaceId, now, actor, action, target, null, PolicyStore.Write(after));
            return true;
        });

    private async Task<IReadOnlyList<ReviewedBudget>> BudgetsAsync(OpsmeterDb db, int workspaceId, TimeWindow week, IncidentRow[] incidents, DateTimeOffset now)
    {
        var policy = boards[workspaceId].Policy;
        var hoursOf = history.HoursOf(workspaceId, policy.Settings.TenantFrom);
        var reviewed = new List<ReviewedBudget>();
        foreach (var budget in policy.Budgets.Where(budget => budget.Enabled).OrderBy(budget => budget.Name, StringComparer.OrdinalIgnoreCase))
        {
            var changes = await db.Transitions.AsNoTracking()
                .Where(row => row.WorkspaceId == workspaceId && row.BudgetId == budget.Id && row.AtTicks < week.End.UtcTicks && row.WindowEndTicks > week.Start.UtcTicks
                    && row.AtTicks > week.Start.UtcTicks - Late.Ticks && row.Cause != (int)TransitionCause.Late)
                .OrderBy(row => row.AtTicks).ThenBy(row => row.Id).ToArrayAsync();
            var within = changes.Where(row => row.AtTicks >= week.Start.UtcTicks).ToArray();
            var own = incidents.Where(row => row.BudgetId == budget.Id && row.OpenedTicks >= week.Start.UtcTicks).ToArray();
            var known = own.Where(row => row.AcknowledgedTicks is not null).Select(row => row.AcknowledgedTicks!.Value - row.OpenedTicks).Order().ToArray();
            var (degraded, blocked) = WeekOf.Minutes(budget, changes, week, now);
            reviewed.Add(new ReviewedBudget
            {
                Id = budget.Id,
                Name = budget.Name,
                Spent = BudgetWindows.SumOf(hoursOf, budget, week),
                Before = BudgetWindows.SumOf(hoursOf, budget, new TimeWindow(week.Start.AddDays(-7), week.Start)),
                PeakUse = budget.Per is null && budget.Limits.Usd is { } limit && limit > Usd.Zero ? BudgetWindows.Peak(hoursOf, budget, week, limit) : null,
                Warnings = within.Count(row => row.ToState >= (int)BudgetState.Warning && row.FromState < (int)BudgetState.Warning),
                Exceeded = within.Count(row => row.ToState == (int)BudgetState.Exceeded && row.FromState != (int)BudgetState.Exceeded),
                MinutesDegraded = degraded,
                MinutesBlocked = blocked,
                Refused = await db.Enforcement.Where(row => row.WorkspaceId == workspaceId && row.BudgetId == budget.Id
                    && row.WindowStartTicks >= week.Start.UtcTicks && row.WindowStartTicks < week.End.UtcTicks).SumAsync(row => row.Blocked),
                Alerts = own.Length,
                Acknowledged = known.Length,
                AcknowledgedWithin = known.Length > 0 ? TimeSpan.FromTicks(known[known.Length / 2]) : null,
                LedToNothing = own.Count(row => WeekOf.OutcomeOf(row, now) == "nothing"),
            });
        }

        return reviewed;
    }

    private List<ReviewedEndpoint> Endpoints(int workspaceId, TimeWindow week)
    {
        var policy = boards[workspaceId].Policy;
        var both = new TimeWindow(ExpectedProfile.FloorOf(week.Start.AddDays(-7)), ExpectedProfile.FloorOf(week.End));
        var middle = (int)(ExpectedProfile.FloorOf(week.Start) - both.Start).TotalHours;
        return
        [
            .. history.KeyHours(workspaceId, policy.Settings.TenantFrom, SignalBudgets.Of(null, Dimension.EndpointTag), history.EndpointsOf(workspaceId), both)
                .Select(each => new ReviewedEndpoint(each.Key, (int)policy.Tiers.For(each.Key).Tier, new Usd(each.Value.Skip(middle).Sum()), new Usd(each.Value.Take(middle).Sum())))
                .Where(each => each.Spent > Usd.Zero || each.Before > Usd.Zero).OrderByDescending(each => each.Spent).ThenBy(each => each.Endpoint, StringComparer.Ordinal),
        ];
    }

    private static AlertWeek TrendOf(IncidentRow[] incidents, DateTimeOffset start, DateTimeOffset now)
    {
        var own = incidents.Where(row => row.OpenedTicks >= start.UtcTicks && row.OpenedTicks < start.AddDays(7).UtcTicks).ToArray();
        return new AlertWeek(start, own.Length, own.Count(row => row.Outcome == "falseAlarm"), own.Count(row => WeekOf.OutcomeOf(row, now) == "nothing"));
    }

    private static Dictionary<string, ReviewDecision> Decisions(ReviewRow row) =>
        JsonSerializer.Deserialize<Dictionary<string, ReviewDecision>>(row.Decisions, DocumentJson.Options)!;
}
