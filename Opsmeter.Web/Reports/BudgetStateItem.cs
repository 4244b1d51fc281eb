using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Metering;

namespace Opsmeter.Web.Reports;

/// <summary>Where one budget, or one key of it, stands in its running window. Amounts are USD.</summary>
public sealed record BudgetStateItem
{
    public required string BudgetId { get; init; }
    public required string Name { get; init; }
    public string? Key { get; init; }
    public required BudgetState State { get; init; }
    public required bool Confirmed { get; init; }

    /// <summary>The strictest thing that it now tells a caller of any tier.</summary>
    public required DecisionAction Action { get; init; }
    public required Measure Measure { get; init; }

    /// <summary>Priced requests, and unpriced ones at the ceiling price where they count so.</summary>
    public required decimal SpentUsd { get; init; }

    /// <summary>The part of <see cref="SpentUsd"/> that is estimated, and what unpriced requests beside it may have cost.</summary>
    public required decimal EstimatedUsd { get; init; }

    /// <summary>Held for calls that were let through and are not yet reported, unsettled ones among them.</summary>
    public decimal HeldUsd { get; init; }

    /// <summary>The part of <see cref="HeldUsd"/> whose holds expired without their request.</summary>
    public decimal UnsettledUsd { get; init; }
    public decimal? LimitUsd { get; init; }
    public long? LimitRequests { get; init; }
    public long? LimitTokens { get; init; }

    /// <summary>What is left of the USD limit beside what was spent and is held, at least 0; null without one.</summary>
    public decimal? RemainingUsd { get; init; }
    public required long Requests { get; init; }
    public required long Tokens { get; init; }
    public required long Unpriced { get; init; }

    /// <summary>The share of the limit at which the budget warns.</summary>
    public required decimal WarnAt { get; init; }

    /// <summary>The deciding measure's used ÷ limit.</summary>
    public required decimal Use { get; init; }
    public decimal? BurnLong { get; init; }
    public decimal? BurnShort { get; init; }

    /// <summary>Spend of the whole window at this pace; null where nothing can be said, see <see cref="Core.Metering.Forecast"/>.</summary>
    public decimal? ForecastUsd { get; init; }

    /// <summary>The lower edge of the band that holds the outcome four times in five.</summary>
    public decimal? ForecastLowUsd { get; init; }

    /// <summary>The upper edge of that band.</summary>
    public decimal? ForecastHighUsd { get; init; }

    /// <summary>When the USD limit is reached at this pace; null where it is not before the window ends, or already is.</summary>
    public DateTimeOffset? RunsOutAt { get; init; }

    /// <summary>True while it is at its warning and both looks back head past the limit; only where that decides about degrading.</summary>
    public bool OverPlan { get; init; }
    public decimal? AskedShare { get; init; }
    public decimal? ObeyedShare { get; init; }
    public decimal? SpentWhileBlockedUsd { get; init; }
    public DateTimeOffset? LastRequestAt { get; init; }
    public required DateTimeOffset WindowStart { get; init; }

    /// <summary>Exclusive; null where the window never ends.</summary>
    public DateTimeOffset? WindowEnd { get; init; }

    /// <summary>Since when it was counted, where that is later than the window's start.</summary>
    public DateTimeOffset? CountedSince { get; init; }
}
