using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Decisions;

/// <summary>What one matching budget says.</summary>
public sealed record BudgetDecision
{
    /// <summary>The budget.</summary>
    public required Budget Budget { get; init; }

    /// <summary>Its running window for the caller's key.</summary>
    public required WindowReading Reading { get; init; }

    /// <summary>The state that decided: without money for a free model.</summary>
    public required BudgetState State { get; init; }

    /// <summary>What is held against the window.</summary>
    public HeldSum Held { get; init; }

    /// <summary>True when blocking is confirmed.</summary>
    public bool Confirmed { get; init; }

    /// <summary>What it asks of the caller.</summary>
    public required DecisionAction Action { get; init; }

    /// <summary>Why, as a documented reason code.</summary>
    public required string Reason { get; init; }

    /// <summary>The highest used ÷ limit.</summary>
    public decimal Use => Reading.Use;

    /// <summary>When the window ends, in the budget's zone; null where it never does.</summary>
    public DateTimeOffset? ResetsAt { get; init; }
}
