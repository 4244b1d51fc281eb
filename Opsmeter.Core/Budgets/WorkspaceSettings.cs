using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Budgets;

/// <summary>The settings of a workspace that rules depend on.</summary>
public sealed record WorkspaceSettings
{
    /// <summary>The IANA zone of pages, reports and new budgets.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The first day of a week.</summary>
    public DayOfWeek WeekStartsOn { get; init; } = DayOfWeek.Monday;

    /// <summary>The tier of endpoints that no entry names.</summary>
    public Tier DefaultTier { get; init; } = Tier.Tier2;

    /// <summary>What callers of a tier are told when degraded, where neither the budget nor the tier entry says.</summary>
    public IReadOnlyDictionary<Tier, DegradedMode> DegradedModes { get; init; } = new Dictionary<Tier, DegradedMode>();

    /// <summary>True while decisions only say what they would have been: the kill switch.</summary>
    public bool Observe { get; init; }

    /// <summary>What an unpriced request counts as under a hard cap, or null for the catalogue's estimate.</summary>
    public Rates? CeilingPrice { get; init; }

    /// <summary>Where the tenant of a request is read.</summary>
    public TenantSource TenantFrom { get; init; }

    /// <summary>A price in USD per million tokens.</summary>
    /// <param name="InputPerMillion">For input tokens, at least 0.</param>
    /// <param name="OutputPerMillion">For output tokens, at least 0.</param>
    public sealed record Rates(decimal InputPerMillion, decimal OutputPerMillion);
}
