namespace Opsmeter.Core.Metering;

/// <summary>
/// How what a budget counts is expected to spread over time: the mean of the last four weeks for each hour of the local week,
/// with under 14 days of history for each hour of the day, with under three flat. Fixed for one local day. Immutable.
/// </summary>
public sealed class ExpectedProfile
{
    /// <summary>How much history it is learned from, at most.</summary>
    public static readonly TimeSpan Learned = TimeSpan.FromDays(28);

    /// <summary>Every hour like the other.</summary>
    public static readonly ExpectedProfile Flat = new(default, []);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan LeastHistory = TimeSpan.FromDays(3);
    private static readonly TimeSpan LeastForWeek = TimeSpan.FromDays(14);

    private readonly DateTimeOffset _start;

    // What is expected from the start to the end of each hour; empty when flat.
    private readonly double[] _sums;

    private ExpectedProfile(DateTimeOffset start, double[] sums) => (_start, _sums) = (start, sums);

    /// <summary>Learns a profile.</summary>
    /// <param name="first">The start of the first hour known; a whole UTC hour.</param>
    /// <param name="hours">What was used hour by hour, without a gap; 0 where nothing was.</param>
    /// <param name="zone">The zone whose hours are alike.</param>
    /// <param name="over">The span that will be asked about, from the earliest instant to the latest.</param>
    public static ExpectedProfile Of(DateTimeOffset first, IReadOnlyList<long> hours, TimeZoneInfo zone, TimeWindow over)
    {
        ArgumentNullException.ThrowIfNull(hours);
        var silent = hours.TakeWhile(used => used <= 0).Count();
        var known = (hours.Count - silent) * Hour;
        if (known < LeastHistory)
        {
            return Flat;
        }

        var slots = new HourSlots(zone, byWeek: known >= LeastForWeek);
        var profile = slots.ProfileOf(Enumerable.Range(silent, hours.Count - silent).Select(i => (first + (i * Hour), (double)hours[i])));
        var start = FloorOf(over.Start);
        var sums = new double[(int)Math.Ceiling((over.End - start) / Hour) + 1];
        for (var i = 1; i < sums.Length; i++)
        {
            sums[i] = sums[i - 1] + profile[slots.Of(start + ((i - 1) * Hour))];
        }

        return new ExpectedProfile(start, sums);
    }

    /// <summary>The start of the UTC hour that holds an instant.</summary>
    public static DateTimeOffset FloorOf(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks % Hour.Ticks), TimeSpan.Zero);

    /// <summary>
    /// What is expected in <c>(t, end]</c>, relative to <c>(t − w, t]</c>: their lengths' ratio when flat, and where nothing
    /// is expected in the latter.
    /// </summary>
    /// <param name="t">The moment.</param>
    /// <param name="w">The span looked back over; above zero.</param>
    /// <param name="end">The end; at or after t.</param>
    public decimal RestToLast(DateTimeOffset t, TimeSpan w, DateTimeOffset end)
    {
        var last = _sums.Length == 0 ? 0 : SumTo(t) - SumTo(t - w);
        return last > 0 ? (decimal)Math.Min((SumTo(end) - SumTo(t)) / last, 1e9) : Math.Max(0, (end - t).Ticks) / (decimal)w.Ticks;
    }

    private double SumTo(DateTimeOffset instant)
    {
        var at = Math.Clamp((instant - _start) / Hour, 0, _sums.Length - 1);
        var hour = Math.Min((int)at, _sums.Length - 2);
        return _sums[hour] + ((at - hour) * (_sums[hour + 1] - _sums[hour]));
    }
}
