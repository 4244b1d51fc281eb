namespace Opsmeter.Core.Metering;

/// <summary>Where spend is heading by the end of a window. An estimate: it never enters a sum.</summary>
/// <remarks>
/// <para>
/// Spend so far, and for each remaining hour level × profile. The profile is the mean of the last four weeks for that hour
/// of the local week, normalised to mean 1; the level the mean of actual ÷ profile, weighted by half for every 24 hours
/// back. With under 14 days of history the profile is that of the hour of the day; with under three days, a straight line
/// at the mean pace so far, and nothing for windows of a day or less. The running hour is not learned from.
/// </para>
/// <para>
/// Flagged hours take no part in the level, nor in the profile: four weeks later a spike would still be expected at its
/// hour of the week. Hours with a profile under 0.05 take no part in the level: a quotient of small numbers is noise.
/// </para>
/// <para>
/// <see cref="Low"/> and <see cref="High"/> are meant to hold the outcome four times in five: days differ from each other as
/// much as they did among those learned from, independently, and the level is known no better than from three of them.
/// </para>
/// </remarks>
public sealed class Forecast
{
    private const int Day = 24;
    private const int DaysLearned = 28;
    private const double LeastProfile = 0.05;
    private const double LeastElapsed = 0.02;

    // Four of five normal outcomes lie within this many standard deviations.
    private const double FourInFive = 1.2816;
    private const double DaysInTheLevel = 3;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan HalfLife = TimeSpan.FromHours(24);

    private readonly IReadOnlyList<(DateTimeOffset At, double Nano)> _path;

    private readonly double _spread;

    private Forecast(Usd spent, ForecastBasis basis, IReadOnlyList<(DateTimeOffset At, double Nano)> path, double spread) =>
        (Spent, Basis, _path, _spread) = (spent, basis, path, spread);

    /// <summary>What was spent in the window so far.</summary>
    public Usd Spent { get; }

    /// <summary>What it was learned from.</summary>
    public ForecastBasis Basis { get; }

    /// <summary>Expected spend of the whole window; at least <see cref="Spent"/>.</summary>
    public Usd End => new((long)Math.Round(_path[^1].Nano));

    /// <summary>The lower edge of the band around <see cref="End"/>; at least <see cref="Spent"/>.</summary>
    public Usd Low => new((long)Math.Max(Spent.Nano, Math.Round(_path[^1].Nano - _spread)));

    /// <summary>The upper edge of the band around <see cref="End"/>.</summary>
    public Usd High => new((long)Math.Min(long.MaxValue / 2.0, Math.Round(_path[^1].Nano + _spread)));

    /// <summary>
    /// Makes a forecast. Null where nothing can be said: less than 2 % of the window has passed, or history is shorter than
    /// that, or than three days where the window lasts a day or less.
    /// </summary>
    /// <param name="spent">What was spent in the window up to now.</param>
    /// <param name="history">What was spent before now, the window's hours included.</param>
    /// <param name="window">The window; one that never ends has no forecast.</param>
    /// <param name="now">The moment; inside the window.</param>
    /// <param name="zone">The zone whose hours of the week are alike.</param>
    public static Forecast? Of(Usd spent, SpendHistory history, TimeWindow window, DateTimeOffset now, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(zone);
        var first = history.Hours.TakeWhile(hour => hour <= Usd.Zero).Count();
        if (window.IsTotal || !window.Contains(now) || first == history.Hours.Count)
        {
            return null;
        }

        var known = now - (history.Start + (first * Hour));
        if (now - window.Start < LeastElapsed * window.Length || known < LeastElapsed * window.Length)
        {
            return null;
        }

        if (known < TimeSpan.FromDays(3))
        {
            return window.Length < TimeSpan.FromDays(2) ? null : Straight(spent, history, window, now, known);
        }

        var basis = known < TimeSpan.FromDays(14) ? ForecastBasis.HourOfDay : ForecastBasis.HourOfWeek;
        var slots = new HourSlots(zone, byWeek: basis == ForecastBasis.HourOfWeek);
        var hours = Learned(history, first, now);
        var profile = slots.ProfileOf(hours);
        var path = Path(spent, LevelOf(hours, slots, profile, now), slots, profile, window, now);
        return new Forecast(spent, basis, path, SpreadOf(hours, slots, profile, now, window.End));
    }

    /// <summary>
    /// When spend reaches an amount at this pace: the moment of the forecast where it already has, null where it does not
    /// before the window's end.
    /// </summary>
    /// <param name="limit">The amount.</param>
    public DateTimeOffset? RunsOutAt(Usd limit)
    {
        for (var i = 0; i < _path.Count; i++)
        {
            if (_path[i].Nano < limit.Nano)
            {
                continue;
            }

            if (i == 0)
            {
                return _path[0].At;
            }

            var (from, to) = (_path[i - 1], _path[i]);
            return from.At + ((to.At - from.At) * ((limit.Nano - from.Nano) / (to.Nano - from.Nano)));
        }

        return null;
    }

    private static Forecast Straight(Usd spent, SpendHistory history, TimeWindow window, DateTimeOffset now, TimeSpan known)
    {
        var pace = history.Hours.Sum(hour => (double)hour.Nano) / known.TotalHours;
        var rest = pace * (window.End - now).TotalHours;

        // Two days say next to nothing of how days differ: half as much or half as much again.
        return new Forecast(spent, ForecastBasis.StraightLine, [(now, spent.Nano), (window.End, spent.Nano + rest)], rest / 2);
    }

    /// <summary>The whole hours of the last four weeks that are not flagged.</summary>
    private static List<(DateTimeOffset Start, double Nano)> Learned(SpendHistory history, int first, DateTimeOffset now)
    {
        var hours = new List<(DateTimeOffset Start, double Nano)>(DaysLearned * Day);
        for (var i = first; i < history.Hours.Count; i++)
        {
            var hour = new TimeWindow(history.Start + (i * Hour), history.Start + ((i + 1) * Hour));
            if (hour.End <= now && hour.Start >= now.AddDays(-DaysLearned) && !history.Flagged.Any(flagged => flagged.Overlaps(hour)))
            {
                hours.Add((hour.Start, history.Hours[i].Nano));
            }
        }

        return hours;
    }

    /// <summary>What an hour of the mean profile spends lately, in nano-USD.</summary>
    private static double LevelOf(List<(DateTimeOffset Start, double Nano)> hours, HourSlots slots, double[] profile, DateTimeOffset now)
    {
        var (sum, weights) = (0.0, 0.0);
        foreach (var (start, nano) in hours)
        {
            var expected = profile[slots.Of(start)];
            if (expected >= LeastProfile)
            {
                var weight = Math.Pow(0.5, (now - start - Hour) / HalfLife);
                (sum, weights) = (sum + (weight * nano / expected), weights + weight);
            }
        }

        return weights == 0 ? 0 : sum / weights;
    }

    /// <summary>Half the width of the band, in nano-USD, from how much days differed by themselves.</summary>
    private static double SpreadOf(
        List<(DateTimeOffset Start, double Nano)> hours, HourSlots slots, double[] profile, DateTimeOffset now, DateTimeOffset end)
    {
        var days = hours.GroupBy(hour => (int)((now - hour.Start - Hour) / TimeSpan.FromDays(1)))
            .Select(day => (Used: day.Sum(hour => hour.Nano), Expected: day.Sum(hour => profile[slots.Of(hour.Start)])))
            .Where(day => day.Expected >= Day / 2).Select(day => day.Used / day.Expected).ToArray();
        var mean = days.DefaultIfEmpty(0).Average();
        var deviation = days.Length < 2 ? mean : Math.Sqrt(days.Sum(day => (day - mean) * (day - mean)) / (days.Length - 1));
        var rest = 0.0;
        for (var hour = now; hour < end; hour += Hour)
        {
            rest += profile[slots.Of(hour)] * Math.Min(1, (end - hour) / Hour) / Day;
        }

        return FourInFive * deviation * Day * Math.Sqrt(rest + (rest * rest / Math.Min(DaysInTheLevel, Math.Max(1, days.Length))));
    }

    private static List<(DateTimeOffset At, double Nano)> Path(
        Usd spent, double level, HourSlots slots, double[] profile, TimeWindow window, DateTimeOffset now)
    {
        var path = new List<(DateTimeOffset At, double Nano)> { (now, spent.Nano) };
        for (var hour = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % Hour.Ticks), TimeSpan.Zero); hour < window.End; hour += Hour)
        {
            var end = hour + Hour < window.End ? hour + Hour : window.End;
            var part = (end - path[^1].At) / Hour;
            path.Add((end, path[^1].Nano + (level * profile[slots.Of(hour)] * part)));
        }

        return path;
    }
}
