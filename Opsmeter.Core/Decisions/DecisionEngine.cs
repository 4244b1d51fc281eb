using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Decisions;

/// <summary>Answers "may I call?" from the board, in memory. Pure: the same board, query and now give the same answer.</summary>
public static class DecisionEngine
{
    /// <summary>How many budgets an answer lists at most.</summary>
    public const int MostBudgets = 20;

    /// <summary>How long a caller may reuse an answer, in seconds.</summary>
    public const int TtlSeconds = 5;

    /// <summary>Decides.</summary>
    /// <param name="board">The policy and where its budgets stand.</param>
    /// <param name="query">What the caller is about to do.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="read">Where a key of a budget stands; null for what the board has on disk.</param>
    public static Decision Decide(
        PolicyBoard board, DecisionQuery query, DateTimeOffset now, Func<BudgetBoard, string?, WindowReading>? read = null)
    {
        var tier = board.Policy.Tiers.For(query.Dimensions.EndpointTag);
        var matching = Matching(board, query, tier.Tier, now, read, out var freed);
        matching.Sort(StrictestFirst);
        if (Contained(board, query, now) is { } containment)
        {
            return Contain(board, query, tier, containment, matching, now);
        }

        if (matching.Count == 0)
        {
            return Answer(board, tier.Tier, DecisionAction.Allow, Reason.NoBudget, matching);
        }

        var action = matching[0].Action;
        var reason = action == DecisionAction.Allow && freed ? Reason.FreeModel : matching[0].Reason;
        var mode = action == DecisionAction.Degrade ? MergedMode(matching, tier) : null;
        if (mode is not null && IsWithin(query, mode))
        {
            return Answer(board, tier.Tier, DecisionAction.Allow, Reason.AlreadyDegraded, matching);
        }

        var decision = Answer(board, tier.Tier, action, reason, matching);
        if (decision.Observed || action == DecisionAction.Allow)
        {
            return decision;
        }

        return action == DecisionAction.Degrade
            ? decision with { DegradedMode = mode }
            : decision with
            {
                Message = BlockMessage.Fill(
                    matching[0].Budget.BlockMessage ?? tier.BlockMessage, decision.ResetsAt, now, board.Zone),
            };
    }

    /// <summary>The containment that decides: the strictest, of equal ones the one that lasts longest.</summary>
    private static Containment? Contained(PolicyBoard board, DecisionQuery query, DateTimeOffset now)
    {
        Containment? strictest = null;
        foreach (var containment in board.Containments)
        {
            if (containment.Holds(query.Dimensions, now) && (strictest is null || containment.Action < strictest.Action
                || (containment.Action == strictest.Action && containment.Until > strictest.Until)))
            {
                strictest = containment;
            }
        }

        return strictest;
    }

    private static Decision Contain(
        PolicyBoard board, DecisionQuery query, TierEntry tier, Containment containment, List<BudgetDecision> matching, DateTimeOffset now)
    {
        var until = TimeZoneInfo.ConvertTime(containment.Until, board.Zone);
        var mode = tier.DegradedMode ?? DegradedMode.CallersChoice;
        var action = containment.Action switch
        {
            ContainmentAction.Block => DecisionAction.Block,
            ContainmentAction.Degrade => DecisionAction.Degrade,
            ContainmentAction.Exempt => DecisionAction.Allow,
        };
        if (action == DecisionAction.Degrade && IsWithin(query, mode))
        {
            return Answer(board, tier.Tier, DecisionAction.Allow, Reason.AlreadyDegraded, matching) with { ResetsAt = until };
        }

        var decision = Answer(board, tier.Tier, action, Reason.Contained, matching) with { ResetsAt = until };
        return decision.Observed ? decision : action switch
        {
            DecisionAction.Allow => decision,
            DecisionAction.Degrade => decision with { DegradedMode = mode },
            DecisionAction.Block => decision with { Message = BlockMessage.Fill(tier.BlockMessage, until, now, board.Zone) },
        };
    }

    private static List<BudgetDecision> Matching(
        PolicyBoard board, DecisionQuery query, Tier tier, DateTimeOffset now, Func<BudgetBoard, string?, WindowReading>? read, out bool freed)
    {
        freed = false;
        var matching = new List<BudgetDecision>();
        foreach (var candidate in board.MayCount(query.Dimensions.EndpointTag))
        {
            if (candidate.Budget.Matches(query.Dimensions) && candidate.Budget.TryGetKey(query.Dimensions, out var key))
            {
                var reading = read is null ? candidate.Read(key, now) : read(candidate, key);
                var decision = Judge(candidate, reading, tier, reading.Standing.State, reading.Standing.Confirmed);
                if (query.IsFreeModel)
                {
                    var free = JudgeWithoutMoney(candidate, reading, tier);
                    freed |= free.Action < decision.Action;
                    decision = free;
                }

                var held = board.Holds.Read(candidate.Budget, key, reading.Window.Start, query.HoldId);
                matching.Add(query is { Asked: { } asked, IsFreeModel: false } && Refuses(decision, tier, held, asked)
                    ? decision with { Held = held, Action = DecisionAction.Block, Reason = Reason.HoldRefused }
                    : held == default ? decision : decision with { Held = held });
            }
        }

        return matching;
    }

    /// <summary>True where what was spent, what is held and the ask together pass the limit that blocks.</summary>
    private static bool Refuses(BudgetDecision decision, Tier tier, HeldSum held, Usd asked)
    {
        var budget = decision.Budget;
        if (decision.Action == DecisionAction.Block || decision.Reading.Limits.Usd is not { } limit
            || !DecisionTable.MayBlock(budget.Cap, tier, budget.BlockTier1))
        {
            return false;
        }

        var bound = budget.Confirmation.Mode == ConfirmationMode.Immediate ? limit.Nano : budget.Confirmation.Ceiling * limit.Nano;
        return (decimal)decision.Reading.Sums.Spend.Nano + held.All.Nano + asked.Nano > bound;
    }

    private static BudgetDecision Judge(
        BudgetBoard board, WindowReading reading, Tier tier, BudgetState state, bool confirmed)
    {
        var budget = board.Budget;
        var standing = reading.Standing with { State = state, Confirmed = confirmed };
        return new BudgetDecision
        {
            Budget = budget,
            Reading = reading,
            State = state,
            Confirmed = confirmed,
            Action = DecisionTable.ActionFor(budget, tier, standing),
            Reason = DecisionTable.IsOnPlan(budget, tier, standing) ? Reason.OnPlan : Reason.For(budget.Cap, tier, state, confirmed),
            ResetsAt = board.ResetsAt(reading.Window),
        };
    }

    private static BudgetDecision JudgeWithoutMoney(BudgetBoard board, WindowReading reading, Tier tier)
    {
        var limits = reading.Limits.WithoutMoney();
        var state = BudgetEvaluator.StateOf(reading.Sums, limits, board.Budget.WarnAt);
        return Judge(board, reading, tier, state, state == BudgetState.Exceeded && reading.Standing.Confirmed);
    }

    private static Decision Answer(
        PolicyBoard board, Tier tier, DecisionAction action, string reason, List<BudgetDecision> matching)
    {
        var observe = board.Policy.Settings.Observe;
        return new Decision
        {
            Action = observe ? DecisionAction.Allow : action,
            Reason = reason,
            ResetsAt = LatestEnd(matching),
            Observed = observe,
            WouldBe = observe ? action : null,
            Tier = tier,
            Budgets = matching,
        };
    }

    /// <summary>The strictest budget's fallback model, the smallest numbers, and tools off where any says so.</summary>
    private static DegradedMode MergedMode(List<BudgetDecision> matching, TierEntry tier)
    {
        var merged = DegradedMode.CallersChoice;
        foreach (var decision in matching.TakeWhile(decision => decision.Action == DecisionAction.Degrade))
        {
            var mode = decision.Budget.DegradedMode ?? tier.DegradedMode ?? DegradedMode.CallersChoice;
            merged = new DegradedMode
            {
                Model = merged.Model ?? mode.Model,
                MaxOutputTokens = Smallest(merged.MaxOutputTokens, mode.MaxOutputTokens),
                MaxInputTokens = Smallest(merged.MaxInputTokens, mode.MaxInputTokens),
                DisableTools = merged.DisableTools || mode.DisableTools,
                AllowedTools = Common(merged.AllowedTools, mode.AllowedTools),
            };
        }

        return merged;
    }

    /// <summary>
    /// True when the query states a model and numbers that the mode asks for. Tools cannot be seen from here, so a mode
    /// about tools alone is never taken as met.
    /// </summary>
    private static bool IsWithin(DecisionQuery query, DegradedMode mode)
    {
        if (mode.Model is null && mode.MaxOutputTokens is null && mode.MaxInputTokens is null)
        {
            return false;
        }

        return (mode.Model is null || string.Equals(mode.Model, query.Dimensions.Model, StringComparison.OrdinalIgnoreCase))
            && (mode.MaxOutputTokens is null || query.MaxOutputTokens <= mode.MaxOutputTokens)
            && (mode.MaxInputTokens is null || query.EstimatedInputTokens <= mode.MaxInputTokens);
    }

    private static DateTimeOffset? LatestEnd(List<BudgetDecision> matching)
    {
        DateTimeOffset? latest = null;
        foreach (var decision in matching)
        {
            if (decision.Action != matching[0].Action)
            {
                break;
            }

            if (decision.ResetsAt is not { } end)
            {
                return null;
            }

            latest = latest is { } other && other >= end ? other : end;
        }

        return latest;
    }

    private static int StrictestFirst(BudgetDecision a, BudgetDecision b)
    {
        var byAction = b.Action.CompareTo(a.Action);
        if (byAction != 0)
        {
            return byAction;
        }

        var byState = (b.State, b.Confirmed).CompareTo((a.State, a.Confirmed));
        if (byState != 0)
        {
            return byState;
        }

        var byUse = b.Use.CompareTo(a.Use);
        return byUse != 0 ? byUse : string.CompareOrdinal(a.Budget.Name, b.Budget.Name);
    }

    private static int? Smallest(int? a, int? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);

    private static IReadOnlyList<string>? Common(IReadOnlyList<string>? a, IReadOnlyList<string>? b) =>
        a is null ? b : b is null ? a : [.. a.Intersect(b, StringComparer.Ordinal)];
}
