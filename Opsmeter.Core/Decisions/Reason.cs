using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Decisions;

/// <summary>The documented reason codes of a decision.</summary>
public static class Reason
{
    /// <summary>No budget matches.</summary>
    public const string NoBudget = "no_budget";

    /// <summary>Every matching budget is in state ok.</summary>
    public const string WithinBudget = "within_budget";

    /// <summary>The model costs nothing, so limits in money do not apply.</summary>
    public const string FreeModel = "free_model";

    /// <summary>The request is already within the degraded mode.</summary>
    public const string AlreadyDegraded = "already_degraded";

    /// <summary>At warning, but heading for an end within the limit.</summary>
    public const string OnPlan = "on_plan";

    /// <summary>A person set this for one of the caller's values, whatever budgets say.</summary>
    public const string Contained = "contained";

    /// <summary>What the call may cost no longer fits into a hard limit beside what was spent and is held.</summary>
    public const string HoldRefused = "hold_refused";

    private static readonly string[] Prefixes = ["tier1", "tier2", "tier3", "soft", "degrade", "hard"];
    private static readonly string[] Warning = [.. Prefixes.Select(prefix => prefix + "_warning")];
    private static readonly string[] Exceeded = [.. Prefixes.Select(prefix => prefix + "_exceeded")];
    private static readonly string[] Confirmed = [.. Prefixes.Select(prefix => prefix + "_exceeded_confirmed")];

    /// <summary>The reason of one budget: the tier for a cap by tier, else the cap, and the state.</summary>
    public static string For(Cap cap, Tier tier, BudgetState state, bool confirmed)
    {
        var prefix = cap switch
        {
            Cap.ByTier => (int)tier - 1,
            Cap.Soft => 3,
            Cap.Degrade => 4,
            Cap.Hard => 5,
        };
        return state switch
        {
            BudgetState.Ok => WithinBudget,
            BudgetState.Warning => Warning[prefix],
            BudgetState.Exceeded => confirmed ? Confirmed[prefix] : Exceeded[prefix],
        };
    }
}
