using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Budgets;

/// <summary>One window of one key as the ledger keeps it.</summary>
public sealed record MeterRecord
{
    /// <summary>The budget.</summary>
    public required string BudgetId { get; init; }

    /// <summary>The key, or null for a budget that counts together.</summary>
    public string? Key { get; init; }

    /// <summary>The window.</summary>
    public required TimeWindow Window { get; init; }

    /// <summary>What it counted.</summary>
    public required WindowSums Sums { get; init; }

    /// <summary>Where it stands.</summary>
    public required Standing Standing { get; init; }

    /// <summary>The latest <c>occurredAt</c> that the budget and key counted, of any window.</summary>
    public required DateTimeOffset LatestOccurredAt { get; init; }
}
