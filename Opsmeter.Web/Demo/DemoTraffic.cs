using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Demo;

/// <summary>
/// A month of an invented company's traffic, with one spike in it. Pure: the same seed, moment and zone give the same
/// requests.
/// </summary>
public static class DemoTraffic
{
    /// <summary>How many requests a month has, about.</summary>
    public const int UsualRequests = 300_000;

    /// <summary>How far back it reaches.</summary>
    public static readonly TimeSpan Month = TimeSpan.FromDays(30);

    // Three times the usual spend: one more request in eighteen, each of about thirty times the mean cost.
    private const double SpikeRequests = 1 / 18.0;
    private const double SpikeInputTokens = 130_000;
    private const double SpikeOutputTokens = 20_000;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(15);

    /// <summary>The requests of the month before now, in order of <see cref="LlmRequest.OccurredAt"/>.</summary>
    /// <param name="seed">Which month.</param>
    /// <param name="now">The month's end, exclusive.</param>
    /// <param name="zone">The zone whose office hours it follows.</param>
    public static IEnumerable<LlmRequest> Before(int seed, DateTimeOffset now, TimeZoneInfo zone)
    {
        var start = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero) - Month;
        var spike = DemoSpike.Before(now, zone);
        var sampler = new DemoSampler(tenantSeed: seed, seed: seed);
        var steps = (int)(Month / Step);
        var weights = Enumerable.Range(0, steps).Select(step => DemoRhythm.At(start + (step * Step), zone)).ToArray();
        var scale = UsualRequests / weights.Sum();
        var number = 0;
        for (var step = 0; step < steps; step++)
        {
            foreach (var (at, isSpike) in Moments(sampler, start + (step * Step), weights[step] * scale, spike))
            {
                var id = "demo_" + (++number).ToString("D8", CultureInfo.InvariantCulture);
                yield return isSpike
                    ? sampler.Runaway(id, at, DemoCompany.BadVersion, SpikeUsage(sampler))
                    : sampler.Usual(id, at, (at - start) / Month, VersionOfRunaway(at, spike));
            }
        }
    }

    private static TokenUsage SpikeUsage(DemoSampler sampler) =>
        new(sampler.Tokens(SpikeInputTokens, 0.3), sampler.Tokens(SpikeOutputTokens, 0.3));

    /// <summary>The runaway endpoint's version where the spike decides it; null before its deploy.</summary>
    private static string? VersionOfRunaway(DateTimeOffset at, DemoSpike spike) =>
        at >= spike.End ? DemoCompany.FixedVersion : at >= spike.Deploy ? DemoCompany.BadVersion : null;

    private static List<(DateTimeOffset At, bool IsSpike)> Moments(
        DemoSampler sampler, DateTimeOffset from, double mean, DemoSpike spike)
    {
        var moments = new List<(DateTimeOffset At, bool IsSpike)>();
        Add(sampler.Count(mean), isSpike: false);
        if (from < spike.End && from + Step > spike.Start)
        {
            Add(sampler.Count(mean * SpikeRequests), isSpike: true);
        }

        moments.Sort();
        return moments;

        void Add(int count, bool isSpike)
        {
            for (; count > 0; count--)
            {
                var at = from.AddMilliseconds(sampler.Random.Next((int)Step.TotalMilliseconds));
                if (!isSpike || spike.Contains(at))
                {
                    moments.Add((at, isSpike));
                }
            }
        }
    }
}
