namespace Opsmeter.Web.Demo;

/// <summary>How busy the invented company is: office hours and a quiet weekend, in its own zone.</summary>
public static class DemoRhythm
{
    private static readonly double[] ByHour =
    [
        0.15, 0.11, 0.09, 0.08, 0.08, 0.10, 0.17, 0.34, 0.64, 0.90, 1.00, 0.99,
        0.90, 0.95, 1.00, 0.98, 0.90, 0.74, 0.56, 0.44, 0.36, 0.30, 0.24, 0.19,
    ];

    /// <summary>Traffic against the busiest hour, above 0 and at most 1; it changes smoothly within an hour.</summary>
    public static double At(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone);
        var next = (local.Hour + 1) % 24;
        var part = local.Minute / 60.0;
        var hour = (ByHour[local.Hour] * (1 - part)) + (ByHour[next] * part);
        return hour * (IsWeekend(local.DayOfWeek) ? 0.36 : 1);
    }

    /// <summary>True on Saturday and Sunday.</summary>
    public static bool IsWeekend(DayOfWeek day) => day is DayOfWeek.Saturday or DayOfWeek.Sunday;
}
