using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>Where the budgets stand, from memory: what is on disk.</summary>
public sealed class BudgetStates(Boards boards, TimeProvider time)
{
    /// <summary>Every enabled budget, and every key of it that counted something in its running window. Worst first.</summary>
    public IReadOnlyList<BudgetStateItem> Read(int workspaceId)
    {
        var now = time.GetUtcNow();
        var holds = boards[workspaceId].Holds;
        var enforcement = boards.EnforcementOf(workspaceId);
        enforcement.TakeBlocked();
        return
        [
            .. boards[workspaceId].Budgets
                .SelectMany(board => board.ReadAll(now)
                    .Select(reading => ItemOf(board, reading, holds.Read(board.Budget, reading.Key, reading.Window.Start), enforcement.Read(board.Budget.Id, reading.Key, reading.Window.Start))))
                .OrderByDescending(item => item.State)
                .ThenByDescending(item => item.Confirmed)
                .ThenByDescending(item => item.Use)
                .ThenBy(item => item.Name, StringComparer.Ordinal)
                .ThenBy(item => item.Key, StringComparer.Ordinal),
        ];
    }

    /// <summary>True while the workspace only observes: every decision is allow.</summary>
    public bool IsObserving(int workspaceId) => boards.TryGet(workspaceId, out var board) && board.Policy.Settings.Observe;

    /// <summary>Which endpoints ask a budget first and do as they are told, in its running window; most spend first.</summary>
    public IReadOnlyList<EndpointEnforcement> ReadEndpoints(int workspaceId, string budgetId)
    {
        if (!boards.TryGet(workspaceId, out var workspace) || workspace.Find(budgetId) is not { } board)
        {
            return [];
        }

        var book = boards.EnforcementOf(workspaceId);
        book.TakeBlocked();
        return
        [
            .. book.ReadEndpoints(budgetId, board.WindowAt(time.GetUtcNow()).Start)
                .Select(each => new EndpointEnforcement(
                    each.Endpoint, workspace.Policy.Tiers.For(each.Endpoint).Tier, each.Total.Spent, each.Total.AskedShare, each.Total.ObeyedShare, each.Total.WhileBlocked))
                .OrderByDescending(each => each.Spent).ThenBy(each => each.Endpoint, StringComparer.Ordinal),
        ];
    }

    private static BudgetStateItem ItemOf(BudgetBoard board, WindowReading reading, HeldSum held, Enforcement enforcement)
    {
        var (sums, limit) = (reading.Sums, reading.Limits.Usd?.Dollars);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(board.Budget.Window.TimeZone);
        return new BudgetStateItem
        {
            BudgetId = board.Budget.Id,
            Name = board.Budget.Name,
            Key = reading.Key,
            State = reading.Standing.State,
            Confirmed = reading.Standing.Confirmed,
            Action = DecisionTable.StrictestFor(board.Budget, reading.Standing),
            Measure = reading.Measure,
            SpentUsd = sums.Spend.Dollars,
            EstimatedUsd = sums.Estimated.Dollars + sums.EstimatedApart.Dollars,
            LimitUsd = limit,
            LimitRequests = reading.Limits.Requests,
            LimitTokens = reading.Limits.Tokens,
            RemainingUsd = limit is { } most ? Math.Max(0, most - sums.Spend.Dollars - held.All.Dollars) : null,
            HeldUsd = held.All.Dollars,
            UnsettledUsd = held.Unsettled.Dollars,
            Requests = sums.Requests,
            Tokens = sums.Tokens,
            Unpriced = sums.Unpriced,
            WarnAt = board.Budget.WarnAt,
            Use = reading.Use,
            BurnLong = reading.BurnLong,
            BurnShort = reading.BurnShort,
            OverPlan = reading.Standing.OverPlanSince is not null,
            AskedShare = Rounded(enforcement.AskedShare),
            ObeyedShare = Rounded(enforcement.ObeyedShare),
            SpentWhileBlockedUsd = enforcement.WhileBlocked.Dollars,
            LastRequestAt = reading.LastRequestAt is { } last ? TimeZoneInfo.ConvertTime(last, zone) : null,
            WindowStart = reading.Window.IsTotal ? DateTimeOffset.UnixEpoch : TimeZoneInfo.ConvertTime(reading.Window.Start, zone),
            WindowEnd = board.ResetsAt(reading.Window),
        };
    }

    private static decimal? Rounded(decimal? share) => share is { } exact ? Math.Round(exact, 4) : null;
}
