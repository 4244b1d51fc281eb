using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Decisions;

/// <summary>What a caller is about to do.</summary>
public sealed record DecisionQuery
{
    /// <summary>The facts that budgets match on.</summary>
    public required Dimensions Dimensions { get; init; }

    /// <summary>True when the model is priced at nothing, so that no limit in money applies.</summary>
    public bool IsFreeModel { get; init; }

    /// <summary>What the call may cost, to be checked against hard limits; null where nothing is known of it.</summary>
    public Usd? Asked { get; init; }

    /// <summary>The id of the hold that this ask replaces, or null.</summary>
    public string? HoldId { get; init; }

    /// <summary>The caller's estimate of its input tokens, or null.</summary>
    public long? EstimatedInputTokens { get; init; }

    /// <summary>The most output tokens the caller will ask for, or null.</summary>
    public long? MaxOutputTokens { get; init; }
}
