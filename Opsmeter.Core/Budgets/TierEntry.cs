using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Budgets;

/// <summary>Puts the endpoints that a pattern matches into a tier.</summary>
public sealed record TierEntry
{
    /// <summary>An endpoint tag, or a prefix that ends in <c>*</c>.</summary>
    public required Pattern Pattern { get; init; }

    /// <summary>The tier.</summary>
    public required Tier Tier { get; init; }

    /// <summary>What degraded callers of these endpoints are told, or null for the tier's default.</summary>
    public DegradedMode? DegradedMode { get; init; }

    /// <summary>The text for blocked end users, or null.</summary>
    public string? BlockMessage { get; init; }
}
