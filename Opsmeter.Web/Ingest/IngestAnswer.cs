using Opsmeter.Core.Decisions;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Ingest;

/// <summary>The answer to one row. The members after the decision are those of the contract that clients know.</summary>
public sealed record IngestAnswer
{
    public bool Ok { get; init; } = true;
    public required bool Duplicate { get; init; }
    public required decimal? CostUsd { get; init; }
    public required bool Priced { get; init; }
    public required IReadOnlyList<string> Warnings { get; init; }
    public required bool BudgetWarning { get; init; }
    public required bool BudgetExceeded { get; init; }
    public string? Reason { get; init; }
    public required DecisionPart Decision { get; init; }
    public string PlanTier { get; init; } = "self-hosted";
    public bool TelemetryPaused { get; init; }
    public bool ProviderCallsContinue { get; init; } = true;
    public bool IsPlanLimitReached { get; init; }

    /// <summary>What a decision for the same dimensions would now say.</summary>
    public sealed record DecisionPart(
        DecisionAction Action, string Reason, string? Message, DateTimeOffset? ResetsAt, DegradedModeDocument? DegradedMode);
}

/// <summary>The answer to a batch.</summary>
public sealed record BatchAnswer(
    int Accepted, int Duplicates, IReadOnlyList<RejectedRow> Rejected, IReadOnlyDictionary<string, int> Warnings);
