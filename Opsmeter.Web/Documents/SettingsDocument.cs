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

    public WorkspaceSettings ToSettings() => new()
    {
        TimeZone = TimeZone,
        WeekStartsOn = WeekStartsOn,
        DefaultTier = (Tier)DefaultTier,
        Observe = Observe,
        CeilingPrice = CeilingPrice is { } price ? new WorkspaceSettings.Rates(price.InputPerMillion, price.OutputPerMillion) : null,
        TenantFrom = TenantFrom,
    };
}

/// <summary>What an unpriced request counts as under a hard cap, in USD per million tokens.</summary>
public sealed record CeilingPriceDocument(decimal InputPerMillion, decimal OutputPerMillion);
