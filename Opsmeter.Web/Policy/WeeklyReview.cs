using Opsmeter.Core;

namespace Opsmeter.Web.Policy;

/// <summary>What a week came to, against the week before. Amounts are USD.</summary>
public sealed record WeeklyReview
{
    /// <summary>The seven days, in the workspace's zone.</summary>
    public required TimeWindow Week { get; init; }
    public required IReadOnlyList<ReviewedBudget> Budgets { get; init; }
    public required IReadOnlyList<ReviewedEndpoint> Endpoints { get; init; }

    /// <summary>The last eight weeks, the oldest first: how many alerts there were, and how many led to nothing or should not have been.</summary>
    public required IReadOnlyList<AlertWeek> Trend { get; init; }
    public string? ReviewedBy { get; init; }
    public DateTimeOffset? ReviewedAt { get; init; }

    /// <summary>What was said of suggestions, by their ids.</summary>
    public required IReadOnlyDictionary<string, ReviewDecision> Decisions { get; init; }
}

/// <summary>A budget's week.</summary>
public sealed record ReviewedBudget
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required Usd Spent { get; init; }
    public required Usd Before { get; init; }

    /// <summary>The most of its limit that a window has used; null where it has no USD limit or counts by a key.</summary>
    public decimal? PeakUse { get; init; }
    public required int Warnings { get; init; }
    public required int Exceeded { get; init; }
    public required int MinutesDegraded { get; init; }
    public required int MinutesBlocked { get; init; }

    /// <summary>How often callers were told to stop.</summary>
    public required long Refused { get; init; }
    public required int Alerts { get; init; }
    public required int Acknowledged { get; init; }

    /// <summary>How soon half of them were acknowledged; null where none was.</summary>
    public TimeSpan? AcknowledgedWithin { get; init; }
    public required int LedToNothing { get; init; }
}

/// <summary>An endpoint's week.</summary>
public sealed record ReviewedEndpoint(string Endpoint, int Tier, Usd Spent, Usd Before);

/// <summary>A week's alerts.</summary>
public sealed record AlertWeek(DateTimeOffset Start, int Alerts, int FalseAlarms, int LedToNothing);

/// <summary>Something that would serve better, and why.</summary>
/// <param name="Id">The same for the same change of the same thing in a week.</param>
/// <param name="Kind">What would be changed.</param>
/// <param name="Target">The budget's or the tier entry's id.</param>
/// <param name="Name">The budget's name or the entry's pattern.</param>
/// <param name="From">What it is.</param>
/// <param name="To">What is suggested: dollars, a ratio or a tier.</param>
/// <param name="Why">The reason, in a sentence.</param>
public sealed record ReviewSuggestion(string Id, SuggestionKind Kind, string Target, string Name, decimal From, decimal To, string Why);

/// <summary>What a suggestion changes.</summary>
public enum SuggestionKind
{
    /// <summary>A budget's limit.</summary>
    Limit,

    /// <summary>A budget's warning.</summary>
    Warning,

    /// <summary>An endpoint's tier.</summary>
    Tier,
}

/// <summary>What a suggestion would have done over the last four weeks, beside what the policy in force would have.</summary>
public sealed record SuggestionReplay(ReplaySide Now, ReplaySide Suggested);

/// <summary>A policy over past traffic: windows that reached their warning or limit as sent, and requests that were degraded or blocked as obeyed.</summary>
public sealed record ReplaySide(int Warnings, int Exceeded, int Degraded, int Blocked);

/// <summary>What was said of a suggestion.</summary>
/// <param name="Outcome"><c>accepted</c>, <c>adjusted</c> or <c>dismissed</c>.</param>
/// <param name="Value">What was set instead, or what was accepted.</param>
/// <param name="By">Who said so.</param>
/// <param name="At">When.</param>
public sealed record ReviewDecision(string Outcome, decimal? Value, string By, DateTimeOffset At);
