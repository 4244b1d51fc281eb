using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Xunit;

namespace Opsmeter.Tests.Core.Alerts;

public sealed class SurgeSimulationTests(ITestOutputHelper output)
{
    private const int Learning = 28;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void UsualTraffic_PagesAtMostOnceAWeek(int seed)
    {
        var (traffic, watch) = (new GeneratedTraffic(seed), new TrafficWatch());

        for (var day = 0; day < Learning + 14; day++)
        {
            foreach (var (minute, endpoint, cost) in traffic.Day(day))
            {
                watch.Count(minute, endpoint, cost, day >= Learning);
            }
        }

        output.WriteLine(string.Join('\n', watch.Told.Select(told => $"{told.At:ddd HH:mm} {told.What} {told.Why}")));
        watch.Told.Count.Should().BeLessThanOrEqualTo(2, "two weeks were watched");
    }

    [Fact]
    public void Runaways_AreNoticedBeforeTheyCostMuch()
    {
        var excesses = new List<(double Excess, string What)>();
        foreach (var (share, times, seed) in from share in new[] { 0.05, 0.1, 0.2, 0.5, 1.0 } from times in new[] { 3, 10 } from seed in new[] { 11, 12 } select (share, times, seed))
        {
            var (traffic, watch) = (new GeneratedTraffic(seed, share), new TrafficWatch());
            for (var day = 0; day < Learning; day++)
            {
                foreach (var (minute, endpoint, cost) in traffic.Day(day))
                {
                    watch.Count(minute, endpoint, cost, looks: false);
                }
            }

            // It begins at ten and stays.
            var (begins, excess, told) = (GeneratedTraffic.Start.AddDays(Learning).AddHours(10), 0.0, 0);
            for (var day = Learning; day < Learning + 2 && told == 0; day++)
            {
                foreach (var (minute, endpoint, cost) in traffic.Day(day, at => at >= begins ? times : 1))
                {
                    watch.Count(minute, endpoint, cost, looks: minute >= begins);
                    told = watch.Told.Count;
                    if (told > 0)
                    {
                        break;
                    }

                    excess += endpoint == "endpoint.0" && minute >= begins ? (double)cost.Dollars * (times - 1) / times : 0;
                }
            }

            excesses.Add((excess / GeneratedTraffic.DollarsADay, $"{times}× on {share:P0}: {watch.Told.FirstOrDefault().Why ?? "unnoticed"}"));
        }

        excesses.Sort();
        output.WriteLine(string.Join('\n', excesses.Select(each => $"{each.Excess:P2} {each.What}")));
        excesses[excesses.Count / 2].Excess.Should().BeLessThanOrEqualTo(0.015, "half of them");
        excesses[^1].Excess.Should().BeLessThanOrEqualTo(0.06, "the latest");
    }

    /// <summary>Costs per request as skewed as those of one prompt are; the version is looked at every ten requests.</summary>
    [Fact]
    public void DearerVersion_ByFourTenths_IsNamedWithin400Requests()
    {
        var late = 0;
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            var (older, newer) = (Sample(random, 4_000, 1), new List<double>());
            while (newer.Count < 400)
            {
                newer.AddRange(Costs(random, 10, 1.4));
                if (VersionDrift.Between(older, Of(newer)) is { Lower: > 0.2 })
                {
                    break;
                }
            }

            late += newer.Count >= 400 ? 1 : 0;
            VersionDrift.Between(older, Sample(random, 400, 1))!.Lower.Should().BeLessThan(0.2, "nothing changed");
        }

        output.WriteLine($"{late} of 100 were named later");
        late.Should().BeLessThanOrEqualTo(2);
    }

    private static CostSample Sample(Random random, int count, double times) => Of([.. Costs(random, count, times)]);

    private static CostSample Of(List<double> costs) => new(costs.Count, costs.Sum(), costs.Sum(cost => cost * cost));

    private static IEnumerable<double> Costs(Random random, int count, double times) => Enumerable.Range(0, count).Select(_ =>
        0.01 * times * Math.Exp(0.5 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));
}
