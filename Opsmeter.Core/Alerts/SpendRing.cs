namespace Opsmeter.Core.Alerts;

/// <summary>What something spent in its last minutes, minute by minute, with the two dearest requests of each. Not thread-safe.</summary>
public sealed class SpendRing
{
    private readonly Minute[] _minutes;

    /// <summary>Creates an empty ring.</summary>
    /// <param name="minutes">How many minutes it looks back, at least 1.</param>
    public SpendRing(int minutes) => _minutes = new Minute[minutes];

    /// <summary>How many minutes it looks back.</summary>
    public int Minutes => _minutes.Length;

    /// <summary>Adds a request. One older than the ring is ignored.</summary>
    /// <param name="at">When it occurred.</param>
    /// <param name="cost">What it cost.</param>
    public void Add(DateTimeOffset at, Usd cost)
    {
        var index = IndexOf(at);
        ref var minute = ref _minutes[index % _minutes.Length];
        if (minute.Index > index)
        {
            return;
        }

        if (minute.Index != index)
        {
            minute = new Minute { Index = index };
        }

        (minute.Nano, minute.Requests) = (minute.Nano + cost.Nano, minute.Requests + 1);
        if (cost.Nano > minute.Dearest)
        {
            (minute.Dearest, minute.Second) = (cost.Nano, minute.Dearest);
        }
        else if (cost.Nano > minute.Second)
        {
            minute.Second = cost.Nano;
        }
    }

    /// <summary>What was spent in the minutes up to now, whole minutes, that which runs included.</summary>
    /// <param name="now">Now.</param>
    /// <param name="span">How far back; whole minutes, at most those of the ring.</param>
    public RecentSpend In(DateTimeOffset now, TimeSpan span)
    {
        var last = IndexOf(now);
        var first = last - (long)span.TotalMinutes + 1;
        var (nano, requests, dearest, second) = (0L, 0, 0L, 0L);
        for (var index = first; index <= last; index++)
        {
            ref var minute = ref _minutes[index % _minutes.Length];
            if (minute.Index != index)
            {
                continue;
            }

            (nano, requests) = (nano + minute.Nano, requests + minute.Requests);
            if (minute.Dearest > dearest)
            {
                (dearest, second) = (minute.Dearest, Math.Max(dearest, minute.Second));
            }
            else
            {
                second = Math.Max(second, minute.Dearest);
            }
        }

        return new RecentSpend(new Usd(nano), requests, new Usd(nano - dearest - second));
    }

    private static long IndexOf(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerMinute;

    private struct Minute
    {
        public long Index;
        public long Nano;
        public long Dearest;
        public long Second;
        public int Requests;
    }
}

/// <summary>What was spent in a span.</summary>
/// <param name="Spend">All of it.</param>
/// <param name="Requests">How many requests.</param>
/// <param name="WithoutDearest">Without the two dearest of them.</param>
public readonly record struct RecentSpend(Usd Spend, int Requests, Usd WithoutDearest);
