namespace Opsmeter.Core.Budgets;

/// <summary>One thing that the policy check found, with the figures that show it.</summary>
/// <param name="Rule">What it found.</param>
/// <param name="BudgetId">The budget that it is about; null for the workspace.</param>
public sealed record LintFinding(LintRule Rule, string? BudgetId = null)
{
    /// <summary>The share that it found, 0–1, where the rule is about one.</summary>
    public decimal? Share { get; init; }

    /// <summary>How much was spent, where the rule is about that.</summary>
    public Usd? Amount { get; init; }

    /// <summary>The smallest limit that would do, where the limit is too small.</summary>
    public Usd? LeastLimit { get; init; }

    /// <summary>How late 5 % of the requests arrive at least, where they arrive late.</summary>
    public TimeSpan? Delay { get; init; }

    /// <summary>The endpoints that it is about, most spend first; empty where it is about none.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];
}
