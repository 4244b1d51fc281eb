using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>Reads the state of a workspace as a whole.</summary>
public sealed class WorkspaceStatuses(Boards boards, SpendReports reports, TimeProvider time)
{
    /// <summary>Reads it.</summary>
    public async Task<WorkspaceStatus> ReadAsync(int workspaceId, CancellationToken cancellation = default)
    {
        var now = time.GetUtcNow();
        var board = boards[workspaceId];
        var worst = board.Budgets.SelectMany(budget => budget.ReadAll(now)).Select(reading => reading.Standing.State)
            .DefaultIfEmpty(BudgetState.Ok).Max();
        var (daily, monthly) = (Find(board, WindowKind.Day), Find(board, WindowKind.Month));
        var settings = board.Policy.Settings;
        var month = new WindowCalendar(new WindowSpec { Kind = WindowKind.Month, TimeZone = settings.TimeZone }).WindowAt(now);
        var spend = await reports.ReadAsync(
            new SpendQuery { WorkspaceId = workspaceId, Range = month, Environment = null, DataMode = null }, cancellation);
        return new WorkspaceStatus
        {
            WorkspaceId = workspaceId.ToString(System.Globalization.CultureInfo.InvariantCulture),
            IsBudgetWarning = worst >= BudgetState.Warning,
            IsBudgetExceeded = worst == BudgetState.Exceeded,
            Severity = worst switch
            {
                BudgetState.Ok => "normal",
                BudgetState.Warning => "warning",
                BudgetState.Exceeded => "critical",
            },
            Plan = new WorkspaceStatus.PlanPart
            {
                CurrentRequestCount = spend.Totals.Sums.Requests,
                PeriodStart = TimeZoneInfo.ConvertTime(month.Start, board.Zone),
                PeriodEnd = TimeZoneInfo.ConvertTime(LastSecond(month), board.Zone),
            },
            Budget = new WorkspaceStatus.BudgetPart(
                (daily ?? monthly)?.Budget.WarnAt, PartOf(daily, "daily", now), PartOf(monthly, "monthly", now)),
        };
    }

    /// <summary>The tightest budget over everything in production, of one kind of window.</summary>
    private static BudgetBoard? Find(PolicyBoard board, WindowKind kind) => board.Budgets
        .Where(candidate => candidate.Budget is { Conditions.Count: 0, Per: null } budget
            && budget.Window.Kind == kind && budget.Limits.Usd is not null)
        .OrderBy(candidate => candidate.Budget.Limits.Usd!.Value)
        .ThenBy(candidate => candidate.Budget.Id, StringComparer.Ordinal)
        .FirstOrDefault();

    private static WorkspaceStatus.PeriodPart? PartOf(BudgetBoard? board, string period, DateTimeOffset now)
    {
        if (board is null)
        {
            return null;
        }

        var reading = board.Read(null, now);
        var (spent, limit) = (reading.Sums.Spend.Dollars, reading.Limits.Usd!.Value.Dollars);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(board.Budget.Window.TimeZone);
        return new WorkspaceStatus.PeriodPart(
            limit, spent, Math.Round(spent / limit, 6, MidpointRounding.ToEven), reading.Standing.State >= BudgetState.Warning,
            reading.Standing.State == BudgetState.Exceeded, period, TimeZoneInfo.ConvertTime(reading.Window.Start, zone),
            TimeZoneInfo.ConvertTime(LastSecond(reading.Window), zone));
    }

    private static DateTimeOffset LastSecond(TimeWindow window) => window.End.AddSeconds(-1);
}
