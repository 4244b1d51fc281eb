using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Replay;

/// <summary>One window of a replayed budget, all of its keys together.</summary>
public sealed record ReplayWindow
{
    /// <summary>The budget.</summary>
    public required string BudgetId { get; init; }

    /// <summary>The window.</summary>
    public required TimeWindow Window { get; init; }

    /// <summary>What was spent in it, as sent.</summary>
    public Usd Sent { get; init; }

    /// <summary>What was spent in it, as obeyed.</summary>
    public Usd Obeyed { get; init; }

    /// <summary>The highest used ÷ limit of a key, as obeyed.</summary>
    public decimal Use { get; init; }

    /// <summary>The worst state of a key, as obeyed.</summary>
    public BudgetState State { get; init; }

    /// <summary>Requests degraded.</summary>
    public int Degraded { get; init; }

    /// <summary>Requests blocked.</summary>
    public int Blocked { get; init; }

    /// <summary>Keys that passed their limit, as obeyed; 1 or 0 for a budget that counts together.</summary>
    public int KeysExceeded { get; init; }
}
