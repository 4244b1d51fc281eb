using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Alerts;

/// <summary>Tells spend that has left what is expected of it. Pure.</summary>
public static class SurgeRules
{
    /// <summary>How many minutes a ring has to look back.</summary>
    public const int Minutes = 6 * 60;

    private const double LeastShareOfDay = 0.01;
    private const double BeyondHour = 1.5;
    private const long LeastExcessNano = 1_000_000_000;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // The longest finds what is small beside the workspace, and what grows slowly.
    private static readonly (double Times, TimeSpan Long, TimeSpan Short)[] Pairs =
    [
        (3, TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(5)), (2, TimeSpan.FromMinutes(60), TimeSpan.FromMinutes(15)),
        (2, TimeSpan.FromHours(6), TimeSpan.FromMinutes(60)),
    ];

    /// <summary>The surge that runs now.</summary>
    /// <param name="ring">What was spent lately.</param>
    /// <param name="expected">What is expected of it.</param>
    /// <param name="usualDay">What a usual day of the whole workspace spends, in nano-USD.</param>
    /// <param name="now">Now.</param>
    /// <returns>Null where there is none.</returns>
    public static Surge? Find(SpendRing ring, ExpectedSpend expected, double usualDay, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(expected);
        var least = Math.Max(LeastExcessNano, LeastShareOfDay * usualDay);
        if (!IsBeyondHour(ring, expected, now))
        {
            return null;
        }

        foreach (var (times, longSpan, shortSpan) in Pairs)
        {
            var (lately, usual) = (ring.In(now, longSpan), expected.Between(now - longSpan, now));
            var excess = longSpan > Hour ? lately.Spend.Nano - Around(expected, longSpan, now) : ring.In(now, Hour).Spend.Nano - expected.HourAround(now);
            if (excess >= least && lately.WithoutDearest.Nano >= times * usual && ring.In(now, shortSpan).WithoutDearest.Nano >= times * expected.Between(now - shortSpan, now))
            {
                return new Surge(longSpan, lately.Spend, new Usd((long)usual));
            }
        }

        return null;
    }

    private static double Around(ExpectedSpend expected, TimeSpan span, DateTimeOffset now) =>
        Enumerable.Range(-1, 3).Max(shift => expected.Between(now - span + (shift * Hour), now + (shift * Hour)));

    /// <summary>True where the last hour spent more than the hours around now usually do: a batch that comes at another minute is no news.</summary>
    internal static bool IsBeyondHour(SpendRing ring, ExpectedSpend expected, DateTimeOffset now) =>
        ring.In(now, Hour).WithoutDearest.Nano > BeyondHour * expected.HourAround(now);
}

/// <summary>Spend that has left what is expected.</summary>
/// <param name="Span">The span that shows it, up to now.</param>
/// <param name="Spent">What was spent in it.</param>
/// <param name="Expected">What was expected.</param>
public sealed record Surge(TimeSpan Span, Usd Spent, Usd Expected);
