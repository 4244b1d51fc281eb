using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>A budget that counts requests of an endpoint, a user or a tenant.</summary>
/// <param name="BudgetId">The budget.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">Where it stands: that value's own key, or the worst of all keys; null where nothing is counted yet.</param>
/// <param name="IsOwnKey">True when it counts that value under a key of its own.</param>
/// <param name="Per">The dimension that it keys by, or null.</param>
/// <param name="Others">Its conditions on other dimensions: a request has to meet them too.</param>
public sealed record ValueBudget(
    string BudgetId, string Name, BudgetStateItem? State, bool IsOwnKey, Dimension? Per, IReadOnlyList<Condition> Others);
