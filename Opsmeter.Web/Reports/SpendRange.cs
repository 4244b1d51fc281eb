using Opsmeter.Core;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Reports;

/// <summary>
/// A stretch of time in columns, as a page shows it. One that is given in times back from now has whole columns, of which
/// the last is still running; any other begins and ends exactly where it was asked to.
/// </summary>
public sealed record SpendRange
{
    private const int FirstYear = 2000;
    private const int LastYear = 2199;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3_660);

    private readonly DateTimeOffset[] _starts;

    private SpendRange(TimeWindow window, ColumnSize size, DateTimeOffset[] starts, string? problem) =>
        (Window, Size, _starts, Problem) = (window, size, starts, problem);

    /// <summary>The ranges that are offered: start, end and name.</summary>
    public static IReadOnlyList<(string From, string To, string Label)> Presets { get; } =
    [
        ("now-1h", SpendView.Now, "Last hour"), ("now-6h", SpendView.Now, "Last 6 hours"), ("now-24h", SpendView.Now, "Last 24 hours"),
        ("now-7d", SpendView.Now, "Last 7 days"), ("now-14d", SpendView.Now, "Last 14 days"), ("now-30d", SpendView.Now, "Last 30 days"),
        ("now-90d", SpendView.Now, "Last 90 days"),
        ("now/d", SpendView.Now, "Today"), ("now-1d/d", "now/d", "Yesterday"),
        ("now/w", SpendView.Now, "This week"), ("now-1w/w", "now/w", "Last week"),
        ("now/M", SpendView.Now, "This month"), ("now-1M/M", "now/M", "Last month"),
    ];

    /// <summary>From the first column's start to the last one's end.</summary>
    public TimeWindow Window { get; }

    /// <summary>How much time a column holds; the first and the last may hold less.</summary>
    public ColumnSize Size { get; }

    /// <summary>The start of each column, oldest first.</summary>
    public IReadOnlyList<DateTimeOffset> Starts => _starts;

    /// <summary>What is wrong with the range asked for, in place of which the last seven days are shown; or null.</summary>
    public string? Problem { get; }

    /// <summary>The range of a view.</summary>
    public static SpendRange Of(SpendView view, DateTimeOffset now, string timeZone, DayOfWeek weekStartsOn)
    {
        ArgumentNullException.ThrowIfNull(view);
        if (TimeExpression.TryParse(view.From, now, timeZone, weekStartsOn, out var from) is { } wrongFrom)
        {
            return Usual("The range's start: " + wrongFrom);
        }

        if (TimeExpression.TryParse(view.To, now, timeZone, weekStartsOn, out var to) is { } wrongTo)
        {
            return Usual("The range's end: " + wrongTo);
        }

        if (from >= to)
        {
            return Usual("The range begins after its end.");
        }

        // What is compared with lies before the start, and a column may end after the end: neither may leave the calendar.
        if (from.Year < FirstYear || to.Year > LastYear)
        {
            return Usual($"The range is not in the years {FirstYear} to {LastYear}.");
        }

        if (to - from > Longest)
        {
            return Usual("The range is longer than ten years.");
        }

        var size = SizeFor(to - from);
        var columns = new Columns(size, timeZone, weekStartsOn);
        var isRunning = view.To == SpendView.Now;
        if (isRunning)
        {
            to = columns.At(now).End;
            if (!view.From.Contains('/', StringComparison.Ordinal) && view.From.StartsWith(SpendView.Now, StringComparison.Ordinal)
                && columns.At(from) is var first && first.Start < from)
            {
                from = first.End;
            }
        }

        return new SpendRange(new TimeWindow(from, to), size, columns.Between(from, to), null);

        SpendRange Usual(string why)
        {
            var usual = Of(SpendView.Usual, now, timeZone, weekStartsOn);
            return new SpendRange(usual.Window, usual.Size, usual._starts, why);
        }
    }

    /// <summary>The column that a moment lies in, or -1 before the first.</summary>
    public int ColumnAt(DateTimeOffset moment)
    {
        var found = Array.BinarySearch(_starts, moment);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>The time from one column's start to another's end.</summary>
    public TimeWindow WindowOf(int first, int last) => new(_starts[first], last + 1 < _starts.Length ? _starts[last + 1] : Window.End);

    /// <summary>What it is compared with, up to the moment that corresponds to now; null for nothing.</summary>
    public TimeWindow? Before(ComparedWith compare, DateTimeOffset now) => Shift(compare) is { } shift
        ? new TimeWindow(Window.Start - shift, (Window.End > now && now > Window.Start ? now : Window.End) - shift)
        : null;

    /// <summary>The starts of the same columns in the time it is compared with; empty for nothing.</summary>
    public IReadOnlyList<DateTimeOffset> StartsBefore(ComparedWith compare) =>
        Shift(compare) is { } shift ? [.. _starts.Select(start => start - shift)] : [];

    private TimeSpan? Shift(ComparedWith compare) => compare switch
    {
        ComparedWith.Previous => Window.Length,

        // A range of more than a week would overlap itself a week before: whole weeks, as few as are needed.
        ComparedWith.Week => TimeSpan.FromDays(7 * Math.Ceiling(Window.Length.TotalDays / 7)),
        ComparedWith.None => null,
    };

    // A browser draws a hundred stacked columns in a third of a second, and people cannot tell more of them apart.
    private static ColumnSize SizeFor(TimeSpan length) => length.TotalHours switch
    {
        <= 3 => ColumnSize.FiveMinutes,
        <= 12 => ColumnSize.QuarterHour,
        <= 73 => ColumnSize.Hour,
        <= 10.5 * 24 => ColumnSize.ThreeHours,
        <= 101 * 24 => ColumnSize.Day,
        <= 732 * 24 => ColumnSize.Week,
        _ => ColumnSize.Month,
    };

    private sealed class Columns(ColumnSize size, string timeZone, DayOfWeek weekStartsOn)
    {
        private readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById(timeZone);
        private readonly WindowCalendar _calendar = new(new WindowSpec
        {
            Kind = size switch
            {
                ColumnSize.FiveMinutes or ColumnSize.QuarterHour or ColumnSize.Hour or ColumnSize.ThreeHours => WindowKind.Hour,
                ColumnSize.Day => WindowKind.Day,
                ColumnSize.Week => WindowKind.Week,
                ColumnSize.Month => WindowKind.Month,
            },
            TimeZone = timeZone,
            WeekStartsOn = weekStartsOn,
        });

        /// <summary>The whole column that holds a moment.</summary>
        public TimeWindow At(DateTimeOffset moment) => size switch
        {
            ColumnSize.FiveMinutes => Minutes(moment, 5),
            ColumnSize.QuarterHour => Minutes(moment, 15),
            ColumnSize.ThreeHours => ThreeHours(moment),
            ColumnSize.Hour or ColumnSize.Day or ColumnSize.Week or ColumnSize.Month => _calendar.WindowAt(moment),
        };

        /// <summary>The starts of the columns from one moment to another, the first cut off where it begins before.</summary>
        public DateTimeOffset[] Between(DateTimeOffset from, DateTimeOffset to)
        {
            var starts = new List<DateTimeOffset>();
            for (var at = from; at < to; at = At(at).End)
            {
                starts.Add(at);
            }

            return [.. starts];
        }

        private static TimeWindow Minutes(DateTimeOffset moment, int minutes)
        {
            var step = TimeSpan.FromMinutes(minutes);
            var start = new DateTimeOffset(moment.UtcTicks - (moment.UtcTicks % step.Ticks), TimeSpan.Zero);
            return new TimeWindow(start, start + step);
        }

        // Columns of three hours begin where the local day does, so that a day's end is a column's end.
        private TimeWindow ThreeHours(DateTimeOffset moment)
        {
            var first = _calendar.WindowAt(moment);
            var last = first;
            var part = Part(first);
            for (var before = _calendar.Previous(first); Part(before) == part; before = _calendar.Previous(first))
            {
                first = before;
            }

            for (var after = _calendar.Next(last); Part(after) == part; after = _calendar.Next(last))
            {
                last = after;
            }

            return new TimeWindow(first.Start, last.End);
        }

        private (DateTime Day, int Part) Part(TimeWindow hour)
        {
            var local = TimeZoneInfo.ConvertTime(hour.Start, _zone);
            return (local.Date, local.Hour / 3);
        }
    }
}
