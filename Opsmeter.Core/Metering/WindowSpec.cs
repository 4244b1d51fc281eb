namespace Opsmeter.Core.Metering;

/// <summary>Which windows a budget has.</summary>
public sealed record WindowSpec
{
    /// <summary>How long a window lasts and where it starts.</summary>
    public required WindowKind Kind { get; init; }

    /// <summary>The IANA zone whose calendar it follows; UTC by default.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The first day of a week; Monday by default.</summary>
    public DayOfWeek WeekStartsOn { get; init; } = DayOfWeek.Monday;

    /// <summary>The day a month, quarter or year starts on, 1–28.</summary>
    public int AnchorDay { get; init; } = 1;
}
