using Opsmeter.Core;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Metering;

namespace Opsmeter.Tests.Core.Alerts;

/// <summary>
/// Invented traffic of a workspace: twelve endpoints that spend a thousand dollars a day together, some around the clock,
/// some in office hours, some in nightly batches whose start and size vary; days differ, requests differ more.
/// </summary>
internal sealed class GeneratedTraffic
{
    public const double DollarsADay = 1_000;
    public static readonly DateTimeOffset Start = new(2026, 9, 7, 0, 0, 0, TimeSpan.Zero);

    private readonly Random _random;
    private readonly (string Name, double Share, Rhythm Rhythm, double PerRequest)[] _endpoints;

    public GeneratedTraffic(int seed, double? firstShare = null)
    {
        _random = new Random(seed);
        double[] weights = [.. Enumerable.Range(0, 12).Select(_ => Math.Exp(1.1 * Normal()))];
        if (firstShare is { } share)
        {
            var rest = weights.Skip(1).Sum();
            weights = share >= 1 ? [1, .. Enumerable.Repeat(0.0, 11)] : [share, .. weights.Skip(1).Select(weight => weight / rest * (1 - share))];
        }

        var sum = weights.Sum();
        _endpoints = [.. weights.Select((weight, i) => ($"endpoint.{i}", weight / sum, (Rhythm)(i % 3), 0.005 * Math.Exp(0.8 * Normal())))];
    }

    public enum Rhythm
    {
        Diurnal,
        Office,
        Batch,
    }

    /// <summary>The endpoints.</summary>
    public IEnumerable<string> Endpoints => _endpoints.Select(endpoint => endpoint.Name);

    /// <summary>The requests of a minute of a day.</summary>
    /// <param name="day">The day, from 0.</param>
    /// <param name="times">How many times as dear the first endpoint's traffic is, minute by minute.</param>
    public IEnumerable<(DateTimeOffset Minute, string Endpoint, Usd Cost)> Day(int day, Func<DateTimeOffset, double>? times = null)
    {
        var date = Start.AddDays(day);
        var factors = _endpoints.Select(_ => Math.Exp((0.15 * Normal()) - 0.01)).ToArray();
        var batches = _endpoints.Select(_ => (Start: 120 + (int)(15 * Normal()), Length: 30 + _random.Next(30))).ToArray();
        for (var minute = 0; minute < 24 * 60; minute++)
        {
            var at = date.AddMinutes(minute);
            for (var i = 0; i < _endpoints.Length; i++)
            {
                var (name, share, rhythm, perRequest) = _endpoints[i];
                var rate = share * DollarsADay * factors[i] / perRequest * ShareOf(rhythm, date, minute, batches[i]) * (i == 0 && times is not null ? times(at) : 1);
                for (var left = Poisson(rate); left > 0; left--)
                {
                    yield return (at, name, Usd.FromDollars((decimal)Math.Round(perRequest * Math.Exp((0.9 * Normal()) - 0.405), 9)));
                }
            }
        }
    }

    private static double ShareOf(Rhythm rhythm, DateTimeOffset date, int minute, (int Start, int Length) batch)
    {
        var isWeekend = date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        return rhythm switch
        {
            Rhythm.Diurnal => (1 + (0.7 * Math.Sin((minute - 480) * Math.PI / 720))) / 1440,
            Rhythm.Office => isWeekend ? 0.1 / 1440 : minute is >= 480 and < 1080 ? (1 + (0.3 * Math.Sin((minute - 480) * Math.PI / 300))) * 1.3 / 600 : 0.1 / 1440,
            Rhythm.Batch => minute >= batch.Start && minute < batch.Start + batch.Length ? 0.9 / batch.Length : 0.1 / 1440,
        };
    }

    private int Poisson(double mean)
    {
        if (mean > 60)
        {
            return Math.Max(0, (int)Math.Round(mean + (Math.Sqrt(mean) * Normal())));
        }

        var (limit, product, count) = (Math.Exp(-mean), _random.NextDouble(), 0);
        while (product > limit)
        {
            (product, count) = (product * _random.NextDouble(), count + 1);
        }

        return count;
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}

/// <summary>Watches generated traffic as the product does: learns by the hour, looks each minute.</summary>
internal sealed class TrafficWatch
{
    private readonly Dictionary<string, (SpendRing Ring, List<long> Hours)> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ExpectedSpend?> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _quiet = new(StringComparer.Ordinal);
    private double _usualDay;
    private DateTimeOffset _now = GeneratedTraffic.Start;

    /// <summary>What was told: when, of what, and why.</summary>
    public List<(DateTimeOffset At, string What, string Why)> Told { get; } = [];

    /// <summary>Counts a request; looks at what was before it when a minute begins.</summary>
    public void Count(DateTimeOffset minute, string endpoint, Usd cost, bool looks)
    {
        while (_now < minute)
        {
            if (looks)
            {
                Look();
            }

            _now = _now.AddMinutes(1);
            if (looks && _now.Minute == 0)
            {
                Learn();
            }
        }

        Add(endpoint, cost);
        Add("", cost);
    }

    private void Add(string key, Usd cost)
    {
        if (!_known.TryGetValue(key, out var known))
        {
            _known[key] = known = (new SpendRing(FastBurnRules.Minutes), []);
        }

        known.Ring.Add(_now, cost);
        var hour = (int)(_now - GeneratedTraffic.Start).TotalHours;
        while (known.Hours.Count <= hour)
        {
            known.Hours.Add(0);
        }

        known.Hours[hour] += cost.Nano;
    }

    private void Learn()
    {
        var hour = (int)(_now - GeneratedTraffic.Start).TotalHours;
        foreach (var (key, (_, hours)) in _known)
        {
            var from = Math.Max(0, hour - (28 * 24));
            List<long> learned = [.. hours.Skip(from).Take(hour - from)];
            learned.AddRange(Enumerable.Repeat(0L, hour - from - learned.Count));
            _expected[key] = ExpectedSpend.Of(GeneratedTraffic.Start.AddHours(from), learned, TimeZoneInfo.Utc);
        }

        _usualDay = _expected.GetValueOrDefault("")?.UsualDay ?? 0;
    }

    private void Look()
    {
        // What was learned while nobody looked would be learned again before it is used.
        if (_expected.Count == 0)
        {
            Learn();
        }

        var now = _now.AddSeconds(59.9);
        foreach (var (key, (ring, hours)) in _known)
        {
            if (_expected.GetValueOrDefault(key) is not { } expected || _quiet.GetValueOrDefault(key) > now)
            {
                continue;
            }

            var why = SurgeRules.Find(ring, expected, _usualDay, now) is { } surge ? $"surge over {surge.Span.TotalMinutes} min" : null;
            if (key.Length == 0)
            {
                var day = new TimeWindow(new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero), new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1));
                var used = new Usd(hours.Skip((int)(day.Start - GeneratedTraffic.Start).TotalHours).Sum());
                why = FastBurnRules.Find(WindowKind.Day, day, used, Usd.FromDollars(1_500), ring, expected, now) is { } burn ? $"burn {burn.Pair}" : why;
            }

            if (why is not null)
            {
                Told.Add((now, key, why));
                _quiet[key] = now.AddHours(6);
            }
        }
    }
}
