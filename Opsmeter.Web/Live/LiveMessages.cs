using Opsmeter.Core.Alerts;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;

namespace Opsmeter.Web.Live;

/// <summary>A budget, or one key of it, changed its state. Amounts are USD.</summary>
public sealed record BudgetStateChanged(
    string BudgetId, string Name, string? Key, BudgetState From, BudgetState State, bool Confirmed, decimal SpentUsd,
    decimal? LimitUsd, TransitionCause Cause, DateTimeOffset At, DateTimeOffset WindowStart, DateTimeOffset? WindowEnd);

/// <summary>What the budget says to callers is no longer what it was, by tier.</summary>
public sealed record DecisionChanged(
    string BudgetId, string Name, string? Key, DecisionAction Tier1, DecisionAction Tier2, DecisionAction Tier3, DateTimeOffset At);

/// <summary>Production requests since the last tick, and what they cost in USD.</summary>
public sealed record SpendTick(DateTimeOffset At, long Requests, decimal CostUsd);

/// <summary>People are told of something; the id is the one that acknowledging takes.</summary>
public sealed record AlertRaised(string Id, string BudgetId, string Name, AlertKind Kind, DateTimeOffset At);

/// <summary>Someone knows of it.</summary>
public sealed record AlertAcknowledged(string Id, string BudgetId, string By, DateTimeOffset At);
