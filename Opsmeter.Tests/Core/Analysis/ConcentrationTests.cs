using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Xunit;

namespace Opsmeter.Tests.Core.Analysis;

public sealed class ConcentrationTests
{
    [Fact]
    public void Of_FewHoldMuch_SaysHowMuchAndHowFew()
    {
        var concentration = Concentration.Of(new[] { 10m, 0m, 60m, 20m, 10m }.Select(Usd.FromDollars));

        concentration.Curve.Should().Equal(0.6m, 0.8m, 0.9m, 1m);
        concentration.TopShare(1).Should().Be(0.6m);
        concentration.TopShare(99).Should().Be(1);
        concentration.FewestFor(0.8m).Should().Be(2);
        concentration.FewestFor(0.81m).Should().Be(3);
        concentration.FewestFor(1).Should().Be(4);
    }

    [Fact]
    public void Of_NoSpend_IsNone()
    {
        var concentration = Concentration.Of([Usd.Zero]);

        (concentration.Count, concentration.TopShare(3), concentration.FewestFor(0.8m)).Should().Be((0, 0m, 0));
    }
}
