using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Xunit;

namespace Opsmeter.Tests.Core.Analysis;

public sealed class VersionDriftTests
{
    [Theory]
    [InlineData(199, 5000)]
    [InlineData(5000, 199)]
    [InlineData(0, 0)]
    public void Between_TooFewRequests_SaysNothing(int earlier, int later) =>
        VersionDrift.Between(Sample(1, earlier, 0.01, 0.5), Sample(2, later, 0.02, 0.5)).Should().BeNull();

    [Fact]
    public void Between_FreeVersion_SaysNothing() =>
        VersionDrift.Between(Sample(1, 300, 0.01, 0.5), new CostSample(300, 0, 0)).Should().BeNull();

    [Fact]
    public void Between_SameCostEveryTime_IsExact()
    {
        var (one, two) = (default(CostSample), default(CostSample));
        for (var i = 0; i < 200; i++)
        {
            (one, two) = (one.With(Usd.FromDollars(0.25m)), two.With(Usd.FromDollars(0.5m)));
        }

        var drift = VersionDrift.Between(one, two)!;

        drift.Ratio.Should().BeApproximately(1, 1e-9);
        drift.Lower.Should().BeApproximately(1, 1e-6);
        drift.IsClear.Should().BeTrue();
    }

    /// <summary>
    /// 2,000 pairs of samples of skewed costs (log-normal; with a sigma of 1 the mean is 1.6 times the median). The
    /// interval promises 95 %; with so many pairs the rate seen lies within ±1.5 points of its own, and skew may cost one more.
    /// </summary>
    [Theory]
    [InlineData(200, 200, 0.0, 0.6)]
    [InlineData(200, 2000, 0.2, 0.6)]
    [InlineData(500, 500, 0.2, 1.0)]
    [InlineData(2000, 300, -0.3, 0.8)]
    public void Between_SimulatedCosts_CoversTheTruthAtItsRate(int earlier, int later, double change, double sigma)
    {
        var covered = 0;
        const int Pairs = 2_000;
        for (var seed = 0; seed < Pairs; seed++)
        {
            var drift = VersionDrift.Between(
                Sample(2 * seed, earlier, 0.01, sigma), Sample((2 * seed) + 1, later, 0.01 * (1 + change), sigma))!;
            covered += drift.Lower <= change && change <= drift.Upper ? 1 : 0;
        }

        ((double)covered / Pairs).Should().BeInRange(0.925, 0.97);
    }

    // Log-normal with the mean given.
    private static CostSample Sample(int seed, int requests, double mean, double sigma)
    {
        var random = new Random(seed);
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < requests; i++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var cost = mean * Math.Exp((sigma * normal) - (sigma * sigma / 2));
            (sum, squares) = (sum + cost, squares + (cost * cost));
        }

        return new CostSample(requests, sum, squares);
    }
}
