namespace Opsmeter.Core.Decisions;

/// <summary>Money held for a call that was let through, against every budget that will count it, until its request arrives.</summary>
public sealed record Hold
{
    /// <summary>The id that the request will have.</summary>
    public required string ExternalId { get; init; }

    /// <summary>How much.</summary>
    public required Usd Amount { get; init; }

    /// <summary>Where that comes from.</summary>
    public required HoldBasis Basis { get; init; }

    /// <summary>When it expires by the wall clock, exclusive, unless that is set meanwhile: what becomes of it then is each budget's choice.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What it is held against.</summary>
    public required IReadOnlyList<HoldPlace> Places { get; init; }
}

/// <summary>A window that something is held against; the hold ends with it.</summary>
/// <param name="BudgetId">The budget.</param>
/// <param name="Key">The key; null for a budget that counts together.</param>
/// <param name="Window">The window.</param>
public sealed record HoldPlace(string BudgetId, string? Key, TimeWindow Window);

/// <summary>What is held against a window. The default value is nothing.</summary>
/// <param name="All">All of it, unsettled holds among it.</param>
/// <param name="Unsettled">What expired and stays held because its call probably ran.</param>
public readonly record struct HeldSum(Usd All, Usd Unsettled);
