using Opsmeter.Core;
using Opsmeter.Core.Metering;

namespace Opsmeter.Web.Reports;

/// <summary>A stretch of time up to now, as a chart shows it: whole columns, of which the last is still running.</summary>
public sealed record SpendRange
{
    private readonly DateTimeOffset[] _starts;

    private SpendRange(string name, TimeWindow window, WindowKind interval, int hours, DateTimeOffset[] starts) =>
        (Name, Window, Interval, HoursOfColumn, _starts) = (name, window, interval, hours, starts);

    /// <summary>The ranges there are, by the name they have in a page's address.</summary>
    public static IReadOnlyList<(string Name, string Label)> All { get; } =
    [
        ("now-24h", "24 hours"), ("now-7d", "7 days"), ("now-30d", "30 days"),
    ];

    /// <summary>How the address of a page names it.</summary>
    public string Name { get; }

    /// <summary>How people name it.</summary>
    public string Label => All.First(range => range.Name == Name).Label;

    /// <summary>From the first column's start to the last one's end.</summary>
    public TimeWindow Window { get; }

    /// <summary>What a column is made of: hours or days.</summary>
    public WindowKind Interval { get; }

    /// <summary>How many hours a column has; 0 where it is a day. Where the clock is changed a column is shorter or longer.</summary>
    public int HoursOfColumn { get; }

    /// <summary>The start of each column, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> Starts => _starts;

    /// <summary>The range of a name; seven days where there is none of that name.</summary>
    public static SpendRange Of(string? name, DateTimeOffset now, string timeZone) => name switch
    {
        "now-24h" => Hours(name, 24, 1, now, timeZone),
        "now-30d" => Days(name, 30, now, timeZone),

        // 56 columns: a browser draws 168 of them for most of a second, and people cannot tell them apart.
        _ => Hours("now-7d", 56, 3, now, timeZone),
    };

    /// <summary>The column that a moment lies in, or -1 before the first.</summary>
    public int ColumnAt(DateTimeOffset moment)
    {
        var found = Array.BinarySearch(_starts, moment);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>The same stretch, one length before, up to the moment that corresponds to now.</summary>
    public TimeWindow Before(DateTimeOffset now) => new(Window.Start - Window.Length, now - Window.Length);

    // Columns of some hours begin where the local day does, so that a day's end is a column's end.
    private static SpendRange Hours(string name, int columns, int hours, DateTimeOffset now, string timeZone)
    {
        var calendar = new WindowCalendar(new WindowSpec { Kind = WindowKind.Hour, TimeZone = timeZone });
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        var running = calendar.WindowAt(now);
        var starts = new DateTimeOffset[columns];
        var (left, window) = (columns, running);
        while (left > 0)
        {
            var before = calendar.Previous(window);
            if (hours == 1 || Part(window) != Part(before))
            {
                starts[--left] = window.Start;
            }

            window = before;
        }

        return new SpendRange(name, new TimeWindow(starts[0], running.End), WindowKind.Hour, hours, starts);

        (DateTime Day, int Part) Part(TimeWindow hour)
        {
            var local = TimeZoneInfo.ConvertTime(hour.Start, zone);
            return (local.Date, local.Hour / hours);
        }
    }

    private static SpendRange Days(string name, int columns, DateTimeOffset now, string timeZone)
    {
        var calendar = new WindowCalendar(new WindowSpec { Kind = WindowKind.Day, TimeZone = timeZone });
        var running = calendar.WindowAt(now);
        var starts = new DateTimeOffset[columns];
        for (var (i, window) = (columns - 1, running); i >= 0; i--, window = calendar.Previous(window))
        {
            starts[i] = window.Start;
        }

        return new SpendRange(name, new TimeWindow(starts[0], running.End), WindowKind.Day, 0, starts);
    }
}
