using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Decisions;

/// <summary>The policy of a workspace and where each of its budgets stands, as it is on disk.</summary>
/// <param name="policy">The policy.</param>
/// <param name="budgets">The boards of its enabled budgets.</param>
public sealed class PolicyBoard(WorkspacePolicy policy, IReadOnlyList<BudgetBoard> budgets)
{
    private readonly Dictionary<string, BudgetBoard> _byId =
        budgets.ToDictionary(board => board.Budget.Id, StringComparer.Ordinal);

    /// <summary>The policy.</summary>
    public WorkspacePolicy Policy => policy;

    /// <summary>The boards of the enabled budgets.</summary>
    public IReadOnlyList<BudgetBoard> Budgets => budgets;

    /// <summary>The workspace's zone.</summary>
    public TimeZoneInfo Zone { get; } = TimeZoneInfo.FindSystemTimeZoneById(policy.Settings.TimeZone);

    /// <summary>The board of an enabled budget, or null.</summary>
    public BudgetBoard? Find(string budgetId) => _byId.GetValueOrDefault(budgetId);
}
