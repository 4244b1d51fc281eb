using Microsoft.EntityFrameworkCore;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>The state of a workspace as clients in the field know it; amounts are USD.</summary>
public sealed record WorkspaceStatus
{
    public required string WorkspaceId { get; init; }
    public required bool IsBudgetWarning { get; init; }
    public required bool IsBudgetExceeded { get; init; }
    public bool IsPlanLimitReached { get; init; }
    public bool TelemetryPaused { get; init; }
    public bool ProviderCallsContinue { get; init; } = true;

    /// <summary><c>normal</c>, <c>warning</c> or <c>critical</c>.</summary>
    public required string Severity { get; init; }
    public required PlanPart Plan { get; init; }
    public required BudgetPart Budget { get; init; }

    /// <summary>There are no plans: it is self-hosted and takes every request.</summary>
    public sealed record PlanPart
    {
        public string PlanTier { get; init; } = "self-hosted";
        public string PlanName { get; init; } = "Self-hosted";
        public required long CurrentRequestCount { get; init; }
        public long? PlanRequestLimit { get; init; }
        public long? RemainingRequestCount { get; init; }
        public bool IsPlanLimitReached { get; init; }
        public bool TelemetryPaused { get; init; }
        public required DateTimeOffset PeriodStart { get; init; }
        public required DateTimeOffset PeriodEnd { get; init; }
    }

    /// <summary>The workspace-wide budgets of a day and of a month; null where there is none.</summary>
    public sealed record BudgetPart(decimal? WarningThresholdRatio, PeriodPart? Daily, PeriodPart? Monthly);

    /// <summary>One of them; the end is inclusive, to the second.</summary>
    public sealed record PeriodPart(
        decimal LimitUsd, decimal CurrentSpendUsd, decimal UtilizationRatio, bool IsWarning, bool IsExceeded, string Period,
        DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd);
}
