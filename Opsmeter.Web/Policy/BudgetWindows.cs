using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Replay;

namespace Opsmeter.Web.Policy;

/// <summary>What a budget's windows used, from its hours.</summary>
internal static class BudgetWindows
{
    private const int Weeks = 8;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The most of a limit that a window had used by some moment of a week.</summary>
    public static decimal Peak(HourLookup hoursOf, Budget budget, TimeWindow week, Usd limit)
    {
        var (calendar, peak) = (new WindowCalendar(budget.Window), 0m);
        for (var window = calendar.WindowAt(week.Start); window.Start < week.End; window = calendar.Next(window))
        {
            var end = window.End < week.End ? window.End : week.End;
            peak = Math.Max(peak, SumOf(hoursOf, budget, new TimeWindow(window.Start, end)).Dollars / limit.Dollars);
            if (window.IsTotal)
            {
                break;
            }
        }

        return peak;
    }

    /// <summary>
    /// What the last completed windows used; of a month and longer rolling sums by day, over eight weeks.
    /// </summary>
    /// <param name="hoursOf">What a budget's conditions matched by the hour.</param>
    /// <param name="budget">The budget.</param>
    /// <param name="now">Now.</param>
    /// <param name="count">How many windows of at most a week.</param>
    /// <param name="isUsual">True to leave those out that hold a surge, where enough remain.</param>
    public static List<Usd> Completed(HourLookup hoursOf, Budget budget, DateTimeOffset now, int count, bool isUsual)
    {
        var calendar = new WindowCalendar(budget.Window);
        var windows = new List<TimeWindow>();
        var running = calendar.WindowAt(now);
        if (running.IsTotal)
        {
            return [];
        }

        if (running.Length > TimeSpan.FromDays(8))
        {
            var end = new WindowCalendar(budget.Window with { Kind = WindowKind.Day }).WindowAt(now).Start;
            windows.AddRange(Enumerable.Range(0, 7 * Weeks).Select(day => new TimeWindow(end.AddDays(-day) - running.Length, end.AddDays(-day))));
        }
        else
        {
            for (var window = calendar.Previous(running); windows.Count < count; window = calendar.Previous(window))
            {
                windows.Add(window);
            }
        }

        var first = ExpectedProfile.FloorOf(windows.Min(window => window.Start));
        Usd[] hours = [.. hoursOf(budget, Measure.Usd, new TimeWindow(first, ExpectedProfile.FloorOf(now))).Select(nano => new Usd(nano))];

        // What began before anything was counted says nothing.
        var known = first + (hours.TakeWhile(hour => hour <= Usd.Zero).Count() * Hour);
        windows.RemoveAll(window => window.Start < known.AddDays(-1));
        if (!isUsual)
        {
            return [.. windows.Select(window => Sum(hours, first, window))];
        }

        var surges = SpikeDetector.Find(first, hours).Select(spike => spike.Window).ToArray();
        var usual = windows.Where(window => !Array.Exists(surges, surge => surge.Overlaps(window))).ToList();
        return [.. (usual.Count >= LimitAdvice.FewestWindows ? usual : windows).Select(window => Sum(hours, first, window))];
    }

    private static Usd Sum(Usd[] hours, DateTimeOffset first, TimeWindow window)
    {
        var sum = Usd.Zero;
        for (var i = Math.Max(0, (int)((window.Start - first) / Hour)); i < hours.Length && first + (i * Hour) < window.End; i++)
        {
            sum += hours[i];
        }

        return sum;
    }

    /// <summary>What a budget's conditions matched in the whole hours of a range.</summary>
    public static Usd SumOf(HourLookup hoursOf, Budget budget, TimeWindow range) =>
        range.Start >= range.End ? Usd.Zero : new(hoursOf(budget, Measure.Usd, new TimeWindow(ExpectedProfile.FloorOf(range.Start), ExpectedProfile.FloorOf(range.End))).Sum());
}
