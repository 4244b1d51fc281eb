using Opsmeter.Core;
using Opsmeter.Core.Metering;

namespace Opsmeter.Web.Reports;

/// <summary>A stretch of time up to now, as a chart shows it: whole columns, of which the last is still running.</summary>
public sealed record SpendRange
{
    private SpendRange(string name, string label, TimeWindow window, WindowKind interval, IReadOnlyList<DateTimeOffset> starts) =>
        (Name, Label, Window, Interval, Starts) = (name, label, window, interval, starts);

    /// <summary>The ranges there are, by the name they have in a page's address.</summary>
    public static IReadOnlyList<(string Name, string Label)> All { get; } =
    [
        ("now-24h", "24 hours"), ("now-7d", "7 days"), ("now-30d", "30 days"),
    ];

    /// <summary>How the address of a page names it.</summary>
    public string Name { get; }

    /// <summary>How people name it.</summary>
    public string Label { get; }

    /// <summary>From the first column's start to the last one's end.</summary>
    public TimeWindow Window { get; }

    /// <summary>How long a column is.</summary>
    public WindowKind Interval { get; }

    /// <summary>The start of each column, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> Starts { get; }

    /// <summary>The range of a name; seven days where there is none of that name.</summary>
    public static SpendRange Of(string? name, DateTimeOffset now, string timeZone) => name switch
    {
        "now-24h" => Make(name, "24 hours", WindowKind.Hour, 24, now, timeZone),
        "now-30d" => Make(name, "30 days", WindowKind.Day, 30, now, timeZone),
        _ => Make("now-7d", "7 days", WindowKind.Hour, 168, now, timeZone),
    };

    /// <summary>The same stretch, one length before, up to the moment that corresponds to now.</summary>
    public TimeWindow Before(DateTimeOffset now) => new(Window.Start - Window.Length, now - Window.Length);

    private static SpendRange Make(
        string name, string label, WindowKind interval, int columns, DateTimeOffset now, string timeZone)
    {
        var calendar = new WindowCalendar(new WindowSpec { Kind = interval, TimeZone = timeZone });
        var running = calendar.WindowAt(now);
        var starts = new DateTimeOffset[columns];
        for (var (i, window) = (columns - 1, running); i >= 0; i--, window = calendar.Previous(window))
        {
            starts[i] = window.Start;
        }

        return new SpendRange(name, label, new TimeWindow(starts[0], running.End), interval, starts);
    }
}
