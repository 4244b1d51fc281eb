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

    /// <summary>True where the table degrades at warning, so that <c>degradeAt</c> has a say.</summary>
    public static bool DegradesAtWarning(Cap cap, Tier tier) =>
        cap == Cap.Degrade || (cap == Cap.ByTier && tier == Tier.Tier2);

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
