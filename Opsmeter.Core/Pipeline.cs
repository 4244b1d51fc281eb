using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core;

/// <summary>
/// The spine: every reported request goes through <see cref="Report"/> and nowhere else. It holds the meters of one
/// workspace in memory; what it changes is saved by its owner, then shown. Not thread-safe.
/// </summary>
public sealed class Pipeline
{
    private readonly List<BudgetMeters> _budgets;
    private readonly EndpointIndex<BudgetMeters> _index;
    private readonly List<BudgetMeters> _matched = [];
    private readonly List<Transition> _transitions = [];

    /// <summary>Creates the pipeline of a workspace.</summary>
    /// <param name="policy">The policy in force.</param>
    /// <param name="budgets">The meters of its enabled budgets.</param>
    /// <param name="recorded">The money recorded so far, unpriced requests at the ceiling price.</param>
    public Pipeline(WorkspacePolicy policy, IEnumerable<BudgetMeters> budgets, Usd recorded)
    {
        Policy = policy;
        _budgets = [.. budgets];
        _index = new EndpointIndex<BudgetMeters>(_budgets, meters => meters.Budget);
        Recorded = recorded;
    }

    /// <summary>The policy in force.</summary>
    public WorkspacePolicy Policy { get; }

    /// <summary>The meters of the enabled budgets.</summary>
    public IReadOnlyList<BudgetMeters> Budgets => _budgets;

    /// <summary>The money recorded so far, unpriced requests at the ceiling price; bounds every sum.</summary>
    public Usd Recorded { get; private set; }

    /// <summary>
    /// Takes one request through its stages: it was priced; match it to budgets, meter it, and evaluate the windows it
    /// moved. What a decision would now say is read from the board once this is on disk.
    /// </summary>
    /// <param name="request">The request and its price.</param>
    /// <param name="replaces">The row that it replaces, or null.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="asks">Who asked first, or null where nobody looks.</param>
    /// <param name="enforced">Receives how far its caller asked and obeyed; left alone by a row that replaces another.</param>
    /// <returns>The transitions, in order.</returns>
    /// <exception cref="OverflowException">A sum would leave the range of nano-USD; nothing was counted.</exception>
    public IReadOnlyList<Transition> Report(
        PricedRow request, PricedRow? replaces, DateTimeOffset now, AskBook? asks = null, ICollection<EnforcedRow>? enforced = null)
    {
        Recorded += request.Cost ?? Policy.AtCeiling(request.Request.Usage);
        if (replaces is not null)
        {
            Meter(replaces, takeBack: true, now);
        }

        _matched.Clear();
        Meter(request, takeBack: false, now, replaces is null ? asks : null, enforced);
        return replaces is null ? Evaluate(_matched, TransitionCause.Request, now) : Evaluate(_budgets, TransitionCause.Correction, now);
    }

    /// <summary>Takes a counted request back, as when a person voids it.</summary>
    public IReadOnlyList<Transition> TakeBack(PricedRow request, DateTimeOffset now)
    {
        Meter(request, takeBack: true, now);
        return Evaluate(_budgets, TransitionCause.Correction, now);
    }

    /// <summary>Ends the windows that are over; moves no moment of evaluation.</summary>
    /// <returns>The budgets in which a running window has ended.</returns>
    public IReadOnlyList<BudgetMeters> Advance(DateTimeOffset now) => [.. _budgets.Where(budget => budget.Advance(now))];

    /// <summary>What a request counts toward one budget, and under which key.</summary>
    /// <returns>False when the budget does not count it.</returns>
    public static bool TryMatch(WorkspacePolicy policy, Budget budget, PricedRow row, out string? key, out Metering.WindowSums amount)
    {
        var dimensions = Dimensions.Of(row.Request, row.Provider, policy.Settings.TenantFrom);
        return TryMatch(policy, budget, row, dimensions, policy.Tiers.For(dimensions.EndpointTag).Tier, out key, out amount);
    }

    /// <summary>Counts a request of the past in those of some budgets that match it; the budgets are evaluated after the last one.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="counted">The budgets, each with the instant since when it counts, inclusive.</param>
    /// <param name="row">The request.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="takeBack">True to take it back, where it was counted and is not any more.</param>
    public static void Recount(
        WorkspacePolicy policy, IReadOnlyList<(BudgetMeters Meters, DateTimeOffset From)> counted, PricedRow row, DateTimeOffset now, bool takeBack = false)
    {
        var dimensions = Dimensions.Of(row.Request, row.Provider, policy.Settings.TenantFrom);
        var tier = policy.Tiers.For(dimensions.EndpointTag).Tier;
        foreach (var (meters, from) in counted)
        {
            if (row.Request.OccurredAt >= from && TryMatch(policy, meters.Budget, row, dimensions, tier, out var key, out var amount))
            {
                meters.Recount(key, row.Request.OccurredAt, takeBack ? -amount : amount, now);
            }
        }
    }

    private static bool TryMatch(
        WorkspacePolicy policy, Budget budget, PricedRow row, Dimensions dimensions, Tier tier, out string? key, out Metering.WindowSums amount)
    {
        amount = default;
        if (!budget.Matches(dimensions) || !budget.TryGetKey(dimensions, out key))
        {
            key = null;
            return false;
        }

        amount = policy.Counts(budget, tier, row.Request.Usage, row.Cost);
        return true;
    }

    private void Meter(PricedRow row, bool takeBack, DateTimeOffset now, AskBook? asks = null, ICollection<EnforcedRow>? enforced = null)
    {
        var dimensions = Dimensions.Of(row.Request, row.Provider, Policy.Settings.TenantFrom);
        var tier = Policy.Tiers.For(dimensions.EndpointTag).Tier;
        var asked = enforced is null ? default : asks?.About(row.Request.EndpointTag, row.Request.ExternalRequestId);
        foreach (var meters in _index.MayCount(dimensions.EndpointTag))
        {
            if (TryMatch(Policy, meters.Budget, row, dimensions, tier, out var key, out var amount))
            {
                if (asked is { } told)
                {
                    enforced!.Add(Enforced(meters, key, row, tier, told));
                }

                meters.Count(key, row.Request.OccurredAt, takeBack ? -amount : amount, now);
                _matched.Add(meters);
            }
        }
    }

    // Where the window stands before the request is counted: what it was told is what was known then.
    private EnforcedRow Enforced(BudgetMeters meters, string? key, PricedRow row, Tier tier, RowAsks asked)
    {
        var request = row.Request;
        var ask = asked.Find(meters.Budget.Id, key, request.OccurredAt.AddMilliseconds(-request.LatencyMs), request.OccurredAt);

        // Who asked for this very request and was told to go on was on its way when the block came.
        var isOnItsWay = asked.IsNamed && ask is { Action: not DecisionAction.Block };
        var isBlocking = !Policy.Settings.Observe && !isOnItsWay
            && DecisionTable.ActionFor(meters.Budget, tier, meters.StandingAt(key, request.OccurredAt)) == DecisionAction.Block;
        return new EnforcedRow(
            meters.Budget.Id, key, request.EndpointTag, meters.WindowAt(request.OccurredAt).Start,
            Enforcement.Of(row.Cost, ask, isBlocking, request.Model, request.Usage.Output));
    }

    // A plain request moves only what it matched; one that takes another back may have moved other budgets as well.
    private IReadOnlyList<Transition> Evaluate(IReadOnlyList<BudgetMeters> moved, TransitionCause cause, DateTimeOffset now)
    {
        _transitions.Clear();
        foreach (var meters in moved)
        {
            meters.Evaluate(cause, now, _transitions);
        }

        return _transitions.Count == 0 ? [] : [.. _transitions];
    }
}
