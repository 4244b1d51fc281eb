using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Decisions;

/// <summary>The table at the heart of the product: what a cap says to a tier in each state.</summary>
public static class DecisionTable
{
    /// <summary>What a budget asks of a caller.</summary>
    /// <param name="cap">The budget's cap.</param>
    /// <param name="tier">The endpoint's tier.</param>
    /// <param name="state">The window's state.</param>
    /// <param name="confirmed">Whether blocking is confirmed; read only in <see cref="BudgetState.Exceeded"/>.</param>
    /// <param name="blockTier1">Whether a hard cap may block Tier 1.</param>
    public static DecisionAction ActionFor(Cap cap, Tier tier, BudgetState state, bool confirmed, bool blockTier1) => cap switch
    {
        Cap.Soft => DecisionAction.Allow,
        Cap.Degrade => AtWarning(state),
        Cap.ByTier => tier switch
        {
            Tier.Tier1 => PastLimit(state),
            Tier.Tier2 => AtWarning(state),
            Tier.Tier3 => PastLimitThenBlock(state, confirmed),
        },
        Cap.Hard => tier switch
        {
            Tier.Tier1 when !blockTier1 => PastLimit(state),
            Tier.Tier1 or Tier.Tier2 or Tier.Tier3 => PastLimitThenBlock(state, confirmed),
        },
    };

    /// <summary>True where the table may block a tier at all, so that a hold can be refused.</summary>
    public static bool MayBlock(Cap cap, Tier tier, bool blockTier1) =>
        ActionFor(cap, tier, BudgetState.Exceeded, confirmed: true, blockTier1) == DecisionAction.Block;

    /// <summary>True where the table degrades at warning, so that <c>degradeAt</c> has a say.</summary>
    public static bool DegradesAtWarning(Cap cap, Tier tier) =>
        cap == Cap.Degrade || (cap == Cap.ByTier && tier == Tier.Tier2);

    /// <summary>The strictest thing that a budget now asks of a caller of any tier.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="standing">Where a window of it stands.</param>
    public static DecisionAction StrictestFor(Budget budget, Standing standing) =>
        Enum.GetValues<Tier>().Max(tier => ActionFor(budget, tier, standing));

    /// <summary>What a budget asks of a caller, with its say of when to degrade.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="tier">The endpoint's tier.</param>
    /// <param name="standing">Where a window of it stands.</param>
    public static DecisionAction ActionFor(Budget budget, Tier tier, Standing standing) =>
        IsOnPlan(budget, tier, standing)
            ? DecisionAction.Allow
            : ActionFor(budget.Cap, tier, standing.State, standing.Confirmed, budget.BlockTier1);

    /// <summary>True where the table would degrade at warning, but the budget degrades only while over plan and is not.</summary>
    public static bool IsOnPlan(Budget budget, Tier tier, Standing standing) =>
        budget.DegradeAt == DegradeAt.OverPlan && standing.State == BudgetState.Warning && standing.OverPlanSince is null
        && DegradesAtWarning(budget.Cap, tier);

    private static DecisionAction AtWarning(BudgetState state) => state switch
    {
        BudgetState.Ok => DecisionAction.Allow,
        BudgetState.Warning or BudgetState.Exceeded => DecisionAction.Degrade,
    };

    private static DecisionAction PastLimit(BudgetState state) => state switch
    {
        BudgetState.Ok or BudgetState.Warning => DecisionAction.Allow,
        BudgetState.Exceeded => DecisionAction.Degrade,
    };

    private static DecisionAction PastLimitThenBlock(BudgetState state, bool confirmed) => state switch
    {
        BudgetState.Ok or BudgetState.Warning => DecisionAction.Allow,
        BudgetState.Exceeded => confirmed ? DecisionAction.Block : DecisionAction.Degrade,
    };
}
