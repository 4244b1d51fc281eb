using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Decisions;

/// <summary>The answer to "may I call?".</summary>
public sealed record Decision
{
    /// <summary>What the caller does now. Always <see cref="DecisionAction.Allow"/> in observe mode.</summary>
    public required DecisionAction Action { get; init; }

    /// <summary>Why, as a documented reason code.</summary>
    public required string Reason { get; init; }

    /// <summary>The text for the end user; only with a block.</summary>
    public string? Message { get; init; }

    /// <summary>What a degraded caller does; only with a degrade.</summary>
    public DegradedMode? DegradedMode { get; init; }

    /// <summary>The latest end among the budgets with the strictest action; null where one never ends, or none matched.</summary>
    public DateTimeOffset? ResetsAt { get; init; }

    /// <summary>True while the workspace only observes.</summary>
    public bool Observed { get; init; }

    /// <summary>In observe mode, what <see cref="Action"/> would have been; else null.</summary>
    public DecisionAction? WouldBe { get; init; }

    /// <summary>The endpoint's tier.</summary>
    public required Tier Tier { get; init; }

    /// <summary>Every matching budget, the strictest first.</summary>
    public required IReadOnlyList<BudgetDecision> Budgets { get; init; }

    /// <summary>The same with more held against each of its budgets.</summary>
    public Decision WithHeld(Usd amount) => this with
    {
        Budgets = [.. Budgets.Select(budget => budget with { Held = budget.Held with { All = budget.Held.All + amount } })],
    };
}
