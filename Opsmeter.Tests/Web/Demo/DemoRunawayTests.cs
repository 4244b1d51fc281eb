using AwesomeAssertions;
using CsCheck;
using Opsmeter.Core;
using Opsmeter.Web.Demo;
using Xunit;

namespace Opsmeter.Tests.Web.Demo;

public sealed class DemoRunawayTests
{
    private static readonly Usd Limit = Usd.FromDollars(40m);

    [Theory]
    [InlineData(0, 10)]
    [InlineData(10, 10)]
    [InlineData(35, 21)]
    [InlineData(60, 32)]
    [InlineData(110, 40.4)]
    [InlineData(150, 44.8)]
    [InlineData(3_600, 44.8)]
    public void SpendAt_FromAQuarter_PassesWarningAndLimitWithinTwoMinutes(int seconds, double dollars) =>
        DemoRunaway.SpendAt(Usd.FromDollars(10m), Limit, TimeSpan.FromSeconds(seconds)).Should().Be(Usd.FromDollars((decimal)dollars));

    [Fact]
    public void SpendAt_AnyStart_NeverFalls() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 300], Gen.Int[0, 300]).Sample(
            (start, first, second) =>
            {
                var atStart = Usd.FromDollars(start);
                var earlier = DemoRunaway.SpendAt(atStart, Limit, TimeSpan.FromSeconds(Math.Min(first, second)));
                var later = DemoRunaway.SpendAt(atStart, Limit, TimeSpan.FromSeconds(Math.Max(first, second)));

                return earlier >= atStart && later >= earlier;
            },
            iter: 500, threads: 1);

    [Theory]
    [InlineData(2)]
    [InlineData(40)]
    [InlineData(500)]
    public void Due_AskedEverySecond_KeepsSpendOnItsCourse(int dollars)
    {
        var limit = Usd.FromDollars(dollars);
        var atStart = new Usd(limit.Nano / 4);
        var spent = atStart;
        for (var second = 1; second <= 200; second++)
        {
            var due = DemoRunaway.Due(atStart, spent, limit, TimeSpan.FromSeconds(second));
            spent += Usd.FromDollars(due.Sum(Cost));

            var course = DemoRunaway.SpendAt(atStart, limit, TimeSpan.FromSeconds(second));
            ((double)(course.Dollars - spent.Dollars)).Should().BeInRange(0, 0.01);
            due.Should().OnlyContain(usage => usage.Input <= 200_000 && usage.Output <= 30_000);
        }

        (spent.Dollars / limit.Dollars).Should().BeGreaterThan(1.1m, "the default ceiling confirms the block");
    }

    [Fact]
    public void Due_SpendIsAheadOfItsCourse_AsksForNothing() =>
        DemoRunaway.Due(Usd.Zero, Limit, Limit, TimeSpan.FromSeconds(60)).Should().BeEmpty();

    private static decimal Cost(TokenUsage usage) =>
        ((usage.Input * DemoRunaway.InputPerMillion) + (usage.Output * DemoRunaway.OutputPerMillion)) / 1_000_000m;
}
