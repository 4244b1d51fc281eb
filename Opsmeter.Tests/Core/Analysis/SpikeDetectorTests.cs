using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Xunit;

namespace Opsmeter.Tests.Core.Analysis;

public sealed class SpikeDetectorTests
{
    private const int Week = 168;
    private static readonly DateTimeOffset Monday = new(2026, 8, 3, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Find_MonthsWithPlantedSpikes_FindsThemAndLittleElse(int seed)
    {
        var hours = Months(seed, weeks: 8);
        int[] planted = [(3 * Week) + 34, (5 * Week) + 130, (7 * Week) + 15];
        foreach (var (at, index) in planted.Select((at, index) => (at, index)))
        {
            for (var i = at; i < at + 3 + index; i++)
            {
                hours[i] = (hours[i] * 3) + 6;
            }
        }

        var spikes = Find(hours);

        foreach (var at in planted)
        {
            spikes.Should().Contain(spike => spike.Window.Contains(Monday.AddHours(at)) || spike.Window.Contains(Monday.AddHours(at + 1)), $"hour {at} was planted");
        }

        var others = spikes.Where(spike => !planted.Any(at => spike.Window.Overlaps(new TimeWindow(Monday.AddHours(at - 1), Monday.AddHours(at + 7)))));
        others.Count().Should().BeLessThanOrEqualTo(8, "one a week at most");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Find_HistoryThatBeginsBeforeAWeekend_TakesMondayForNoSpike(int weekday)
    {
        var hours = Enumerable.Range(weekday * 24, 3 * Week).Select(hour => Usd.FromDollars((decimal)(8 * Rhythm(hour))));

        SpikeDetector.Find(Monday.AddDays(weekday), [.. hours]).Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Find_MonthsWithoutASpike_FlagsOneAWeekAtMost(int seed) =>
        Find(Months(seed, weeks: 8)).Count.Should().BeLessThanOrEqualTo(8);

    [Fact]
    public void Find_FirstThreeDays_SaysNothing() =>
        Find([.. Enumerable.Repeat(1.0, 68), 100, 100, 100, 100]).Should().BeEmpty();

    [Fact]
    public void Find_FirstWeek_ComparesWithTheDaysBefore()
    {
        double[] hours = [.. Enumerable.Range(0, 5 * 24).Select(hour => Rhythm(hour) * 10)];
        hours[110] *= 4;
        hours[111] *= 4;

        var spike = Find(hours).Should().ContainSingle().Subject;

        spike.Window.Should().Be(new TimeWindow(Monday.AddHours(110), Monday.AddHours(112)));
        ((double)spike.Cost.Dollars).Should().BeApproximately(hours[110] + hours[111], 1e-6);
        ((double)spike.Baseline.Dollars).Should().BeApproximately((hours[110] + hours[111]) / 4, 3);
    }

    [Theory]
    [InlineData(2.0, 2, true)]
    [InlineData(2.0, 1, false)]
    [InlineData(4.0, 1, true)]
    [InlineData(1.45, 6, false)]
    public void Find_SteadySpend_FlagsTwoHoursInARowOrOneThatTowers(double times, int length, bool isFound)
    {
        var hours = Enumerable.Repeat(10.0, 4 * Week).ToArray();
        for (var i = 0; i < length; i++)
        {
            hours[(3 * Week) + 50 + i] = 10 * times;
        }

        Find(hours).Count.Should().Be(isFound ? 1 : 0);
    }

    [Fact]
    public void Find_LessThanADollarAbove_IsNoSpike()
    {
        var hours = Enumerable.Repeat(0.05, 4 * Week).ToArray();
        hours[(3 * Week) + 50] = hours[(3 * Week) + 51] = 0.9;

        Find(hours).Should().BeEmpty();
    }

    [Fact]
    public void Find_SpikeLastWeek_IsNotWhatIsUsualThisWeek()
    {
        var hours = Enumerable.Repeat(10.0, 4 * Week).ToArray();
        int[] spikes = [(2 * Week) + 50, (3 * Week) + 50];
        foreach (var at in spikes)
        {
            for (var i = 0; i < 4; i++)
            {
                hours[at + i] = 50;
            }
        }

        var found = Find(hours);

        found.Select(spike => spike.Window.Start).Should().Equal(spikes.Select(at => Monday.AddHours(at)));
        found.Should().OnlyContain(spike => spike.Baseline == Usd.FromDollars(40));
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 20)];

    private static IReadOnlyList<SpendSpike> Find(double[] dollars) =>
        SpikeDetector.Find(Monday, [.. dollars.Select(hour => Usd.FromDollars((decimal)hour))]);

    // A team's week: days and nights, working days and others, and noise of about a quarter.
    private static double[] Months(int seed, int weeks)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, weeks * Week).Select(hour =>
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            return 8 * Rhythm(hour) * Math.Exp(0.25 * normal);
        })];
    }

    private static double Rhythm(int hour) =>
        (0.15 + Math.Max(0, Math.Sin((hour % 24 - 6) * Math.PI / 14))) * (hour / 24 % 7 < 5 ? 1 : 0.35);
}
