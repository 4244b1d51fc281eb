namespace Opsmeter.Core.Metering;

/// <summary>Which hours are alike: those of the same hour of the local day, or of the local week.</summary>
/// <param name="zone">The zone.</param>
/// <param name="byWeek">True for the hours of a week, false for those of a day.</param>
internal sealed class HourSlots(TimeZoneInfo zone, bool byWeek)
{
    private const int HoursOfDay = 24;

    /// <summary>How many there are.</summary>
    public int Count => byWeek ? 7 * HoursOfDay : HoursOfDay;

    /// <summary>The slot of an hour, by its start.</summary>
    public int Of(DateTimeOffset hour)
    {
        var local = TimeZoneInfo.ConvertTime(hour, zone);
        return (byWeek ? (int)local.DayOfWeek * HoursOfDay : 0) + local.Hour;
    }

    /// <summary>What each slot uses, relative to the mean of them; a slot that was never seen is like the mean.</summary>
    /// <param name="hours">The start of each hour, and what it used.</param>
    public double[] ProfileOf(IEnumerable<(DateTimeOffset Start, double Used)> hours)
    {
        var (sums, counts) = (new double[Count], new int[Count]);
        foreach (var (start, used) in hours)
        {
            var slot = Of(start);
            (sums[slot], counts[slot]) = (sums[slot] + used, counts[slot] + 1);
        }

        var seen = sums.Zip(counts).Where(slot => slot.Second > 0).Select(slot => slot.First / slot.Second).DefaultIfEmpty(0).Average();
        return [.. sums.Zip(counts).Select(slot => slot.Second == 0 || seen == 0 ? 1 : slot.First / slot.Second / seen)];
    }
}
