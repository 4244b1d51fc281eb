using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Budgets;

/// <summary>A change of where a window stands, kept with what was known at that moment.</summary>
public sealed record Transition
{
    /// <summary>The budget.</summary>
    public required string BudgetId { get; init; }

    /// <summary>The key, or null for a budget that counts together.</summary>
    public string? Key { get; init; }

    /// <summary>The window.</summary>
    public required TimeWindow Window { get; init; }

    /// <summary>The moment of evaluation.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Where it stood.</summary>
    public required Standing From { get; init; }

    /// <summary>Where it stands.</summary>
    public required Standing To { get; init; }

    /// <summary>What the window had counted.</summary>
    public required WindowSums Sums { get; init; }

    /// <summary>The limits in force.</summary>
    public required Limits Limits { get; init; }

    /// <summary>The measure that decided.</summary>
    public required Measure Measure { get; init; }

    /// <summary>The burn over the long window, or null for a window without length.</summary>
    public decimal? BurnLong { get; init; }

    /// <summary>The burn over the short window, or null.</summary>
    public decimal? BurnShort { get; init; }

    /// <summary>What moved it.</summary>
    public required TransitionCause Cause { get; init; }
}
