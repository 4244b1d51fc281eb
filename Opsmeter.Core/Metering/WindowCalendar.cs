namespace Opsmeter.Core.Metering;

/// <summary>
/// Finds the window that holds an instant. Windows of one kind tile the time line. A local day starts at the earliest
/// instant whose local date is that day, or a later one where the zone skipped the date altogether; an hour is a UTC hour
/// in every zone. Immutable but for a cache of the last two windows; safe for any number of threads.
/// </summary>
public sealed class WindowCalendar
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    private readonly WindowSpec _spec;
    private readonly TimeZoneInfo _zone;
    private Cached _cached = new(default, default);

    /// <summary>Creates the calendar of a kind of window.</summary>
    /// <exception cref="TimeZoneNotFoundException">The zone is not known.</exception>
    public WindowCalendar(WindowSpec spec)
    {
        _spec = spec;
        _zone = TimeZoneInfo.FindSystemTimeZoneById(spec.TimeZone);
    }

    /// <summary>The window that holds an instant.</summary>
    public TimeWindow WindowAt(DateTimeOffset instant)
    {
        var cached = Volatile.Read(ref _cached);
        if (cached.Last.Contains(instant))
        {
            return cached.Last;
        }

        // Late requests come among those of today: the window before is kept, so that the two do not evict each other.
        if (cached.Before.Contains(instant))
        {
            return cached.Before;
        }

        var window = Find(instant);
        Volatile.Write(ref _cached, new Cached(window, cached.Last));
        return window;
    }

    /// <summary>The window after one; <see cref="TimeWindow.Total"/> has none and is returned itself.</summary>
    public TimeWindow Next(TimeWindow window) => window.IsTotal ? window : WindowAt(window.End);

    /// <summary>The window before one; <see cref="TimeWindow.Total"/> has none and is returned itself.</summary>
    public TimeWindow Previous(TimeWindow window) => window.IsTotal ? window : WindowAt(window.Start.AddTicks(-1));

    /// <summary>The first instant of a local date: the earliest whose local date is that day or later.</summary>
    /// <param name="date">A date of the zone's calendar.</param>
    /// <param name="zone">The zone.</param>
    public static DateTimeOffset StartOfDay(DateOnly date, TimeZoneInfo zone)
    {
        var midnight = date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

        // Offsets lie between -12 and +14 h. They are multiples of a quarter of an hour, so an ordinary midnight falls on
        // a step; one that does not exist lies inside a step and is bisected.
        var before = midnight.AddHours(-15);
        for (var at = before + Step; ; before = at, at += Step)
        {
            if (Local(at, zone) >= midnight)
            {
                return new DateTimeOffset(FirstBetween(before, at, midnight, zone), TimeSpan.Zero);
            }
        }
    }

    private static DateTime FirstBetween(DateTime before, DateTime at, DateTime midnight, TimeZoneInfo zone)
    {
        long low = before.Ticks, high = at.Ticks;
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (Local(new DateTime(middle, DateTimeKind.Utc), zone) >= midnight)
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return new DateTime(high, DateTimeKind.Utc);
    }

    private static DateTime Local(DateTime utc, TimeZoneInfo zone) => utc + zone.GetUtcOffset(utc);

    private TimeWindow Find(DateTimeOffset instant)
    {
        if (_spec.Kind == WindowKind.Total)
        {
            return TimeWindow.Total;
        }

        var utc = instant.UtcDateTime;
        if (_spec.Kind == WindowKind.Hour)
        {
            var hour = new DateTimeOffset(utc.Ticks - (utc.Ticks % TimeSpan.TicksPerHour), TimeSpan.Zero);
            return new TimeWindow(hour, hour.AddHours(1));
        }

        var date = DateOnly.FromDateTime(Local(utc, _zone));

        // Clocks set back across midnight show the old date again after the new day has begun.
        while (StartOfDay(date.AddDays(1), _zone) <= instant)
        {
            date = date.AddDays(1);
        }

        var first = FirstDate(date);
        return new TimeWindow(StartOfDay(first, _zone), StartOfDay(NextFirstDate(first), _zone));
    }

    private DateOnly FirstDate(DateOnly date) => _spec.Kind switch
    {
        WindowKind.Week => date.AddDays(-(((int)date.DayOfWeek - (int)_spec.WeekStartsOn + 7) % 7)),
        WindowKind.Month => FirstOfMonths(date, 1),
        WindowKind.Quarter => FirstOfMonths(date, 3),
        WindowKind.Year => FirstOfMonths(date, 12),
        WindowKind.Hour or WindowKind.Day or WindowKind.Total => date,
    };

    private DateOnly FirstOfMonths(DateOnly date, int months)
    {
        var monthOf = date.Day >= _spec.AnchorDay ? date : date.AddMonths(-1);
        return new DateOnly(monthOf.Year, monthOf.Month - ((monthOf.Month - 1) % months), _spec.AnchorDay);
    }

    private DateOnly NextFirstDate(DateOnly first) => _spec.Kind switch
    {
        WindowKind.Week => first.AddDays(7),
        WindowKind.Month => first.AddMonths(1),
        WindowKind.Quarter => first.AddMonths(3),
        WindowKind.Year => first.AddYears(1),
        WindowKind.Hour or WindowKind.Day or WindowKind.Total => first.AddDays(1),
    };

    private sealed record Cached(TimeWindow Last, TimeWindow Before);
}
