using System.Text.Json.Serialization;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Documents;

/// <summary>A workspace's settings as people edit them.</summary>
public sealed record SettingsDocument
{
    public string TimeZone { get; init; } = "UTC";
    public DayOfWeek WeekStartsOn { get; init; } = DayOfWeek.Monday;
    public int DefaultTier { get; init; } = 2;
    public bool Observe { get; init; }
    public CeilingPriceDocument? CeilingPrice { get; init; }
    public TenantSource TenantFrom { get; init; }

    /// <summary>What callers of each tier are told when degraded, where neither the budget nor the tier entry says; null for no tier.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TierModesDocument? DegradedModes { get; init; }

    /// <summary>Hours in which surges and fast burns are not told, such as <c>1 01:00-04:00</c>; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? MuteWindows { get; init; }

    /// <summary>Who is sent what came in a day or a week; null for nobody.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DigestDocument? Digests { get; init; }

    public WorkspaceSettings ToSettings() => new()
    {
        TimeZone = TimeZone,
        WeekStartsOn = WeekStartsOn,
        DefaultTier = (Tier)DefaultTier,
        Observe = Observe,
        CeilingPrice = CeilingPrice is { } price ? new WorkspaceSettings.Rates(price.InputPerMillion, price.OutputPerMillion) : null,
        TenantFrom = TenantFrom,
        DegradedModes = (DegradedModes ?? TierModesDocument.None).ToModes(),
    };
}

/// <summary>When digests go out, in the workspace's zone.</summary>
/// <param name="Notify">A channel's name or a member's e-mail.</param>
/// <param name="Daily">The hour and minute, such as <c>08:00</c>; null for none.</param>
/// <param name="Weekly">The day and the time, such as <c>monday 09:00</c>; null for none.</param>
public sealed record DigestDocument(string Notify, string? Daily = null, string? Weekly = null);

/// <summary>A degraded mode for each tier; null is the caller's own choice.</summary>
public sealed record TierModesDocument(DegradedModeDocument? Tier1 = null, DegradedModeDocument? Tier2 = null, DegradedModeDocument? Tier3 = null)
{
    /// <summary>No tier has one.</summary>
    public static readonly TierModesDocument None = new();

    public IReadOnlyDictionary<Tier, DegradedMode> ToModes() =>
        new[] { (Tier: Tier.Tier1, Mode: Tier1), (Tier: Tier.Tier2, Mode: Tier2), (Tier: Tier.Tier3, Mode: Tier3) }
            .Where(each => each.Mode is not null).ToDictionary(each => each.Tier, each => each.Mode!.ToMode());
}

/// <summary>What an unpriced request counts as under a hard cap, in USD per million tokens.</summary>
public sealed record CeilingPriceDocument(decimal InputPerMillion, decimal OutputPerMillion);
