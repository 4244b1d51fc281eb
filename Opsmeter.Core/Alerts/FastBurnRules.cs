using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Alerts;

/// <summary>
/// Tells a limit that is being used many times too fast, before any threshold. The pairs of windows follow the burn-rate
/// alerts of Google's SRE Workbook, chapter 5. Pure.
/// </summary>
public static class FastBurnRules
{
    /// <summary>How many minutes a ring has to look back.</summary>
    public const int Minutes = 24 * 60;

    private const int LeastRequests = 20;
    private const long LeastNano = 1_000_000_000;
    private const double TimesExpected = 2;

    /// <summary>The pairs of a kind of window; none for hour and total.</summary>
    public static IReadOnlyList<FastBurnPair> Of(WindowKind kind) => kind switch
    {
        WindowKind.Day => [new(9.6m, 15, 5), new(4.8m, 60, 5), new(2.67m, 180, 15)],
        WindowKind.Week => [new(8.4m, 60, 5), new(5.6m, 180, 15), new(2.8m, 720, 60)],
        WindowKind.Month or WindowKind.Quarter or WindowKind.Year => [new(14.4m, 60, 5), new(6m, 360, 30), new(3m, 1440, 120)],
        WindowKind.Hour or WindowKind.Total => [],
    };

    /// <summary>The first pair that fires.</summary>
    /// <param name="kind">The budget's kind of window.</param>
    /// <param name="window">The window that runs.</param>
    /// <param name="used">What it has used.</param>
    /// <param name="limit">Its limit in force; above zero.</param>
    /// <param name="ring">What the budget counted lately; pairs that look further back are left out.</param>
    /// <param name="expected">What is expected of it.</param>
    /// <param name="now">Now.</param>
    /// <returns>The pair and the burn over its two windows; null where none fires.</returns>
    public static FastBurn? Find(
        WindowKind kind, TimeWindow window, Usd used, Usd limit, SpendRing ring, ExpectedSpend expected, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(expected);
        if (window.IsTotal || limit <= Usd.Zero || !window.Contains(now) || !SurgeRules.IsBeyondHour(ring, expected, now))
        {
            return null;
        }

        foreach (var pair in Of(kind).Where(pair => pair.LongMinutes <= ring.Minutes))
        {
            var (lately, just) = (ring.In(now, pair.Long), ring.In(now, pair.Short));
            if (lately.Requests < LeastRequests || lately.Spend.Nano < LeastNano
                || !Holds(lately, pair.Long, pair.Times, window, limit, expected, now) || !Holds(just, pair.Short, pair.Times, window, limit, expected, now)
                || End(used, lately, pair.Long, window, expected, now) <= limit.Nano)
            {
                continue;
            }

            return new FastBurn(pair, BurnRate.Of(lately.Spend.Nano, pair.Long, limit.Nano, window)!.Value, BurnRate.Of(just.Spend.Nano, pair.Short, limit.Nano, window)!.Value);
        }

        return null;
    }

    private static bool Holds(RecentSpend spend, TimeSpan span, decimal times, TimeWindow window, Usd limit, ExpectedSpend expected, DateTimeOffset now) =>
        BurnRate.Of(spend.WithoutDearest.Nano, span, limit.Nano, window) >= times
        && spend.WithoutDearest.Nano >= TimesExpected * expected.Between(now - span, now);

    private static double End(Usd used, RecentSpend lately, TimeSpan span, TimeWindow window, ExpectedSpend expected, DateTimeOffset now)
    {
        var (last, rest) = (expected.Between(now - span, now), expected.Between(now, window.End));
        var ratio = last > 0 ? rest / last : (window.End - now) / span;
        return used.Nano + (lately.Spend.Nano * ratio);
    }
}

/// <summary>Two spans over which a limit must burn so fast.</summary>
/// <param name="Times">How many times the pace that uses exactly the limit.</param>
/// <param name="LongMinutes">The long span, in minutes.</param>
/// <param name="ShortMinutes">The short span, in minutes.</param>
public sealed record FastBurnPair(decimal Times, int LongMinutes, int ShortMinutes)
{
    /// <summary>The long span.</summary>
    public TimeSpan Long => TimeSpan.FromMinutes(LongMinutes);

    /// <summary>The short span.</summary>
    public TimeSpan Short => TimeSpan.FromMinutes(ShortMinutes);
}

/// <summary>A limit that is being used too fast.</summary>
/// <param name="Pair">The pair that fired.</param>
/// <param name="BurnLong">The burn over its long span.</param>
/// <param name="BurnShort">The burn over its short span.</param>
public sealed record FastBurn(FastBurnPair Pair, decimal BurnLong, decimal BurnShort);
