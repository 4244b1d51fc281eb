using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Decisions;

/// <summary>The policy of a workspace and where each of its budgets stands, as it is on disk.</summary>
/// <param name="policy">The policy.</param>
/// <param name="budgets">The boards of its enabled budgets.</param>
/// <param name="holds">What is held for calls that are under way; null for nothing.</param>
/// <param name="containments">What people set for single values; null for nothing.</param>
public sealed class PolicyBoard(WorkspacePolicy policy, IReadOnlyList<BudgetBoard> budgets, HoldBook? holds = null, IReadOnlyList<Containment>? containments = null)
{
    private readonly Dictionary<string, BudgetBoard> _byId =
        budgets.ToDictionary(board => board.Budget.Id, StringComparer.Ordinal);

    private readonly EndpointIndex<BudgetBoard> _index = new(budgets, board => board.Budget);

    /// <summary>The policy.</summary>
    public WorkspacePolicy Policy => policy;

    /// <summary>The boards of the enabled budgets.</summary>
    public IReadOnlyList<BudgetBoard> Budgets => budgets;

    /// <summary>What is held for calls that are under way.</summary>
    public HoldBook Holds { get; } = holds ?? new HoldBook(TimeProvider.System);

    /// <summary>What people set for single values until a time; those that are over take no part.</summary>
    public IReadOnlyList<Containment> Containments { get; } = containments ?? [];

    /// <summary>The workspace's zone.</summary>
    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(policy.Settings.TimeZone);

    /// <summary>The boards of the enabled budgets that may count a request of this endpoint; the others cannot.</summary>
    public IReadOnlyList<BudgetBoard> MayCount(string endpointTag) => _index.MayCount(endpointTag);

    /// <summary>The board of an enabled budget, or null.</summary>
    public BudgetBoard? Find(string budgetId) => _byId.GetValueOrDefault(budgetId);
}
