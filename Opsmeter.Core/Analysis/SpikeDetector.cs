namespace Opsmeter.Core.Analysis;

/// <summary>Finds the hours in which spend ran away from what is usual at that time of the week.</summary>
/// <remarks>
/// <para>
/// Usual is the median of the same hour of the week in up to eight weeks before, and of the hour on either side of it, which
/// also bridges a change of the clock. The spread is their median absolute deviation × 1.4826, the standard deviation of a
/// normal distribution with that deviation: P. J. Rousseeuw and C. Croux, "Alternatives to the median absolute deviation",
/// JASA 88 (1993). Both ignore a few odd weeks, as a mean would not.
/// </para>
/// <para>
/// With under two weeks of history there is no such median: then usual is the mean of the same hours of the days before,
/// weighted by half for every three days, and the spread their weighted mean absolute deviation × 1.2533. Such days may be a
/// weekend's, so an hour must also pass 1.5 times the highest of them; and in the first three days nothing is found.
/// </para>
/// <para>
/// An hour stands out when it is more than 3.5 spreads above usual, at least $1 above it, and at least 1.5 times it. Two in
/// a row make a spike, or one that is more than 7 spreads above. Hours of a spike are never learned from.
/// </para>
/// </remarks>
public static class SpikeDetector
{
    private const int Day = 24;
    private const int Week = 7 * Day;
    private const int Weeks = 8;
    private const int DaysLearned = 14;
    private const int DaysOfSilence = 3;
    private const double HalfLifeDays = 3;
    private const double MadToDeviation = 1.4826;
    private const double MeanAbsoluteToDeviation = 1.2533;
    private const double Standing = 3.5;
    private const double StandingAlone = 7;
    private const double LeastRatio = 1.5;
    private const double LeastNano = Usd.NanoPerDollar;

    // Few samples may happen to agree to the cent; an hour half as dear again is then still no wonder.
    private const double LeastSpreadOfUsual = 0.15;
    private const double LeastSpreadNano = 0.1 * Usd.NanoPerDollar;

    /// <summary>How much history before a range is worth reading: more changes nothing.</summary>
    public static readonly TimeSpan History = TimeSpan.FromHours((Weeks * Week) + 1);

    /// <summary>Finds every spike in a stretch of hours.</summary>
    /// <param name="start">The start of the first hour.</param>
    /// <param name="hours">Spend hour by hour without a gap, the oldest first; 0 where nothing was spent.</param>
    /// <returns>The spikes, the oldest first.</returns>
    public static IReadOnlyList<SpendSpike> Find(DateTimeOffset start, IReadOnlyList<Usd> hours)
    {
        ArgumentNullException.ThrowIfNull(hours);
        var spend = hours.Select(hour => (double)hour.Nano).ToArray();
        var first = Array.FindIndex(spend, nano => nano > 0);
        var (isSpike, usual, scores) = (new bool[spend.Length], new double[spend.Length], new double[spend.Length]);
        for (var i = first < 0 ? spend.Length : first + (DaysOfSilence * Day); i < spend.Length; i++)
        {
            var (level, spread, top) = UsualAt(i, first, spend, isSpike);
            usual[i] = level;
            scores[i] = spend[i] - level >= LeastNano && spend[i] >= LeastRatio * top ? (spend[i] - level) / spread : 0;
            if (scores[i] > StandingAlone)
            {
                isSpike[i] = true;
            }

            if (scores[i] > Standing && scores[i - 1] > Standing)
            {
                (isSpike[i - 1], isSpike[i]) = (true, true);
            }
        }

        return Join(start, hours, isSpike, usual, scores);
    }

    /// <summary>What is usual, how far it spreads, and what an hour must be 1.5 times of.</summary>
    private static (double Usual, double Spread, double Top) UsualAt(int hour, int first, double[] spend, bool[] isSpike)
    {
        var weekly = hour - first >= 2 * Week ? Samples(hour, first, Week, Weeks, isSpike) : [];
        if (weekly.Count >= 3)
        {
            var (median, spread) = MedianOf([.. weekly.Select(sample => spend[sample.Hour])]);
            return (median, AtLeast(spread, median), median);
        }

        var daily = Samples(hour, first, Day, DaysLearned, isSpike);
        if (daily.Count == 0)
        {
            // Every hour to compare with was a spike itself: nothing can be said.
            return (0, 1, double.MaxValue);
        }

        var (mean, deviation) = MeanOf([.. daily.Select(sample => (spend[sample.Hour], Math.Pow(0.5, sample.Back / HalfLifeDays)))]);
        return (mean, AtLeast(deviation, mean), daily.Max(sample => spend[sample.Hour]));
    }

    private static double AtLeast(double spread, double usual) => Math.Max(spread, Math.Max(LeastSpreadOfUsual * usual, LeastSpreadNano));

    /// <summary>The same hour in the periods before, and its neighbours, but those of a spike; and how many periods ago.</summary>
    private static List<(int Hour, int Back)> Samples(int hour, int first, int period, int most, bool[] isSpike)
    {
        var samples = new List<(int Hour, int Back)>(3 * most);
        for (var back = 1; back <= most && hour - (back * period) >= first; back++)
        {
            for (var near = hour - (back * period) - 1; near <= hour - (back * period) + 1; near++)
            {
                if (near >= first && near < hour && !isSpike[near])
                {
                    samples.Add((near, back));
                }
            }
        }

        return samples;
    }

    private static (double Usual, double Spread) MedianOf(double[] values)
    {
        var median = Middle(values);
        return (median, MadToDeviation * Middle([.. values.Select(value => Math.Abs(value - median))]));
    }

    private static double Middle(double[] values)
    {
        Array.Sort(values);
        var half = values.Length / 2;
        return values.Length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
    }

    private static (double Usual, double Spread) MeanOf((double Value, double Weight)[] values)
    {
        var weight = values.Sum(value => value.Weight);
        var mean = values.Sum(value => value.Value * value.Weight) / weight;
        return (mean, MeanAbsoluteToDeviation * values.Sum(value => Math.Abs(value.Value - mean) * value.Weight) / weight);
    }

    /// <summary>Hours in a row are one spike, one quiet hour between them included.</summary>
    private static List<SpendSpike> Join(DateTimeOffset start, IReadOnlyList<Usd> hours, bool[] isSpike, double[] usual, double[] scores)
    {
        var spikes = new List<SpendSpike>();
        for (var i = 0; i < isSpike.Length; i++)
        {
            if (!isSpike[i])
            {
                continue;
            }

            var end = i + 1;
            while (end < isSpike.Length && (isSpike[end] || (end + 1 < isSpike.Length && isSpike[end + 1])))
            {
                end++;
            }

            var stretch = Enumerable.Range(i, end - i).ToArray();
            spikes.Add(new SpendSpike(
                new TimeWindow(start.AddHours(i), start.AddHours(end)),
                stretch.Aggregate(Usd.Zero, (sum, hour) => sum + hours[hour]),
                new Usd((long)Math.Round(stretch.Sum(hour => usual[hour]))),
                stretch.Max(hour => scores[hour])));
            i = end;
        }

        return spikes;
    }
}
