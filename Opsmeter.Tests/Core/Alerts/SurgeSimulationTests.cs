using AwesomeAssertions;
using Opsmeter.Core;
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
}
