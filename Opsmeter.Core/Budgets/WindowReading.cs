using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Budgets;

/// <summary>An immutable look at one window of one key, for decisions and pages.</summary>
public sealed record WindowReading
{
    /// <summary>The key, or null for a budget that counts together.</summary>
    public string? Key { get; init; }

    /// <summary>The window.</summary>
    public required TimeWindow Window { get; init; }

    /// <summary>What it counted.</summary>
    public WindowSums Sums { get; init; }

    /// <summary>Where it stands.</summary>
    public Standing Standing { get; init; }

    /// <summary>The limits in force.</summary>
    public required Limits Limits { get; init; }

    /// <summary>The measure with the highest use.</summary>
    public Measure Measure { get; init; }

    /// <summary>The highest used ÷ limit.</summary>
    public decimal Use { get; init; }

    /// <summary>The burn over the long window at the last moment of evaluation, or null.</summary>
    public decimal? BurnLong { get; init; }

    /// <summary>The burn over the short window, or null.</summary>
    public decimal? BurnShort { get; init; }

    /// <summary>When the last counted request occurred, or null.</summary>
    public DateTimeOffset? LastRequestAt { get; init; }
}
