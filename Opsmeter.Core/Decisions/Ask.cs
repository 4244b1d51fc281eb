using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Decisions;

/// <summary>What a caller was told when it asked, as far as a budget is concerned.</summary>
/// <param name="Action">Allow where the budget asked nothing of it, else what the decision said.</param>
/// <param name="Mode">What a degraded call was to do; only with a degrade.</param>
public readonly record struct Ask(DecisionAction Action, DegradedMode? Mode)
{
    /// <summary>True when a request does as it was told to: the fallback model, and no more output than the most.</summary>
    /// <param name="model">The model that was called.</param>
    /// <param name="outputTokens">The tokens that it wrote.</param>
    public bool IsObeyedBy(string? model, long outputTokens) => Action switch
    {
        DecisionAction.Allow => true,
        DecisionAction.Degrade => (Mode?.Model is not { } wanted || string.Equals(wanted, model, StringComparison.OrdinalIgnoreCase))
            && (Mode?.MaxOutputTokens is not { } most || outputTokens <= most),
        DecisionAction.Block => false,
    };
}
