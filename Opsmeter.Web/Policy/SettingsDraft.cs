using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>
/// A workspace's settings while they are being written. What is null was left out and keeps its value, so that a caller who
/// only throws the kill switch cannot move the zone by accident.
/// </summary>
public sealed class SettingsDraft
{
    public string? TimeZone { get; set; }
    public DayOfWeek? WeekStartsOn { get; set; }
    public int? DefaultTier { get; set; }
    public bool? Observe { get; set; }

    /// <summary>Null is the catalogue's estimate, unless <see cref="KeepsCeilingPrice"/>.</summary>
    public CeilingPriceDraft? CeilingPrice { get; set; }

    /// <summary>True when the ceiling price was left out.</summary>
    public bool KeepsCeilingPrice { get; set; }

    public TenantSource? TenantFrom { get; set; }

    /// <summary>A mode for each tier; null was left out.</summary>
    public TierModesDraft? DegradedModes { get; set; }

    /// <summary>One window a line or item; null was left out, none takes them away.</summary>
    public List<string>? MuteWindows { get; set; }

    /// <summary>Null was left out; one without a receiver takes it away.</summary>
    public DigestDraft? Digests { get; set; }

    /// <summary>A draft that says what the settings say, to be changed.</summary>
    public static SettingsDraft Of(SettingsDocument settings) => new()
    {
        TimeZone = settings.TimeZone,
        WeekStartsOn = settings.WeekStartsOn,
        DefaultTier = settings.DefaultTier,
        Observe = settings.Observe,
        CeilingPrice = settings.CeilingPrice is { } price
            ? new CeilingPriceDraft { InputPerMillion = price.InputPerMillion, OutputPerMillion = price.OutputPerMillion }
            : null,
        TenantFrom = settings.TenantFrom,
        DegradedModes = TierModesDraft.Of(settings.DegradedModes ?? TierModesDocument.None),
        MuteWindows = [.. settings.MuteWindows ?? []],
        Digests = new DigestDraft { Notify = settings.Digests?.Notify, Daily = settings.Digests?.Daily, Weekly = settings.Digests?.Weekly },
    };
}

/// <summary>When digests go out, while it is being written.</summary>
public sealed class DigestDraft
{
    public string? Notify { get; set; }
    public string? Daily { get; set; }
    public string? Weekly { get; set; }
}

/// <summary>The degraded modes of the tiers while they are being written; one that is null is the caller's own choice.</summary>
public sealed class TierModesDraft
{
    public DegradedModeDraft? Tier1 { get; set; }
    public DegradedModeDraft? Tier2 { get; set; }
    public DegradedModeDraft? Tier3 { get; set; }

    public static TierModesDraft Of(TierModesDocument modes) => new()
    {
        Tier1 = DegradedModeDraft.Of(modes.Tier1),
        Tier2 = DegradedModeDraft.Of(modes.Tier2),
        Tier3 = DegradedModeDraft.Of(modes.Tier3),
    };
}

/// <summary>What an unpriced request counts as, in USD per million tokens, while it is being written.</summary>
public sealed class CeilingPriceDraft
{
    public decimal? InputPerMillion { get; set; }
    public decimal? OutputPerMillion { get; set; }
}
