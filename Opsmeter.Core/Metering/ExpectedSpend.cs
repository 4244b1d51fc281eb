namespace Opsmeter.Core.Metering;

/// <summary>
/// What something is expected to spend: the mean of the last four weeks for each hour of the local week, its dearest left
/// out where there are three or more, so that one runaway is not expected again; with under 14 days of history for each
/// hour of the day. Immutable.
/// </summary>
public sealed class ExpectedSpend
{
    private const int LeastToTrim = 3;
    private const double Even = 2;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly HourSlots _slots;
    private readonly double[] _hours;
    private readonly double[] _pairs;

    private ExpectedSpend(HourSlots slots, double[] hours, double[] pairs) => (_slots, _hours, _pairs) = (slots, hours, pairs);

    /// <summary>What a usual day spends, in nano-USD.</summary>
    public double UsualDay => _hours.Average() * 24;

    /// <summary>Learns it.</summary>
    /// <param name="first">The start of the first hour known; a whole UTC hour.</param>
    /// <param name="hours">What was spent hour by hour in nano-USD, without a gap; whole hours only.</param>
    /// <param name="zone">The zone whose hours are alike.</param>
    /// <returns>Null with under three days of history.</returns>
    public static ExpectedSpend? Of(DateTimeOffset first, IReadOnlyList<long> hours, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(hours);
        var silent = hours.TakeWhile(spent => spent <= 0).Count();
        if (hours.Count - silent < 72)
        {
            return null;
        }

        var slots = new HourSlots(zone, byWeek: hours.Count - silent >= 14 * 24);
        var (single, pair) = (new List<double>[slots.Count], new List<double>[slots.Count]);
        for (var i = silent; i < hours.Count; i++)
        {
            var slot = slots.Of(first + (i * Hour));
            (single[slot] ??= []).Add(hours[i]);
            if (i + 1 < hours.Count)
            {
                (pair[slot] ??= []).Add((double)hours[i] + hours[i + 1]);
            }
        }

        return new ExpectedSpend(slots, [.. single.Select(Mean)], [.. pair.Select(Mean)]);
    }

    /// <summary>What is expected from an instant to another, in nano-USD.</summary>
    public double Between(DateTimeOffset from, DateTimeOffset to)
    {
        var sum = 0.0;
        for (var at = from; at < to;)
        {
            var end = ExpectedProfile.FloorOf(at) + Hour;
            end = end < to ? end : to;
            sum += _hours[_slots.Of(ExpectedProfile.FloorOf(at))] * ((end - at) / Hour);
            at = end;
        }

        return sum;
    }

    /// <summary>
    /// The most that an hour around an instant is expected to spend, whatever minute it begins at: the dearest of the hour
    /// that holds it, the one before and the one after. Where these hours are unlike each other, as around a nightly batch
    /// that comes a little early or late, the dearest two in a row.
    /// </summary>
    public double HourAround(DateTimeOffset at)
    {
        var hour = ExpectedProfile.FloorOf(at);
        double[] around = [.. Enumerable.Range(-2, 5).Select(shift => _hours[_slots.Of(hour + (shift * Hour))])];
        var dearest = Math.Max(around[1], Math.Max(around[2], around[3]));
        var middle = around.Order().ElementAt(2);
        return around.Max() <= Even * middle ? dearest : Math.Max(dearest, Enumerable.Range(-2, 3).Max(shift => _pairs[_slots.Of(hour + (shift * Hour))]));
    }

    private static double Mean(List<double>? seen)
    {
        if (seen is null)
        {
            return 0;
        }

        return seen.Count < LeastToTrim ? seen.Average() : (seen.Sum() - seen.Max()) / (seen.Count - 1);
    }
}
