namespace Opsmeter.Core.Budgets;

/// <summary>Where one window of one key stands. The default value is a window that has counted nothing.</summary>
/// <param name="State">The state.</param>
/// <param name="Confirmed">True once blocking is confirmed; latched for the rest of the window.</param>
/// <param name="PassedAt">The moment of evaluation at which the limit was found passed, or null.</param>
/// <param name="OverPlanSince">Since when the window has been heading past its limit, or null.</param>
/// <param name="Released">When a person ended its block, or null.</param>
public readonly record struct Standing(
    BudgetState State, bool Confirmed = false, DateTimeOffset? PassedAt = null, DateTimeOffset? OverPlanSince = null,
    Release? Released = null);
