using Opsmeter.Core.Metering;

namespace Opsmeter.Web.Demo;

/// <summary>The one spike of the month: a deploy at noon that runs away from two in the afternoon until ten at night.</summary>
/// <param name="Deploy">When the bad version is first seen.</param>
/// <param name="Start">When spend leaves its usual course.</param>
/// <param name="End">When it is back, exclusive; the fixed version follows.</param>
public readonly record struct DemoSpike(DateTimeOffset Deploy, DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>The spike of the month before now: about four days earlier, on a working day of the zone.</summary>
    public static DemoSpike Before(DateTimeOffset now, TimeZoneInfo zone)
    {
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var day = today.AddDays(-4);
        day = day.DayOfWeek switch
        {
            DayOfWeek.Saturday => day.AddDays(-1),
            DayOfWeek.Sunday => day.AddDays(1),
            _ => day,
        };
        var midnight = WindowCalendar.StartOfDay(day, zone);
        return new DemoSpike(midnight.AddMinutes((12 * 60) + 4), midnight.AddHours(14), midnight.AddHours(22));
    }

    /// <summary>True while the spike lasts.</summary>
    public bool Contains(DateTimeOffset instant) => instant >= Start && instant < End;
}
