namespace Opsmeter.Web.Storage.Facts;

/// <summary>A quarter of a UTC hour: every zone's offset is a multiple of it, so that each lies in one local day.</summary>
public static class QuarterHour
{
    /// <summary>Its length in ticks.</summary>
    public const long Ticks = 15 * TimeSpan.TicksPerMinute;

    /// <summary>The start of the one that holds an instant, both in UTC ticks.</summary>
    public static long StartOf(long ticks) => ticks - (ticks % Ticks);

    /// <summary>The first start at or after an instant.</summary>
    public static long AtOrAfter(long ticks) => StartOf(ticks + Ticks - 1);
}
