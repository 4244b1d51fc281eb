using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Budgets;
using Xunit;

namespace Opsmeter.Tests.Core.Analysis;

public sealed class LimitAdviceTests
{
    [Theory]
    [InlineData(Tier.Tier1, 100, 89)]
    [InlineData(Tier.Tier2, 80, 69)]
    [InlineData(Tier.Tier3, 50, 60)]
    public void For_WindowsOfTenToSixty_IsTheTiersQuantileWithItsRoom(Tier tier, int limit, int expected) =>
        LimitAdvice.For(Dollars(10, 20, 30, 40, 50, 60), tier, Usd.FromDollars(limit)).Should().Be(Usd.FromDollars(expected));

    [Theory]
    [InlineData(100, 75)]
    [InlineData(4, 5)]
    public void For_FarFromTheLimit_MovesAQuarterAtMost(int limit, int expected) =>
        LimitAdvice.For(Dollars(10, 10, 10, 10), Tier.Tier2, Usd.FromDollars(limit)).Should().Be(Usd.FromDollars(expected));

    [Fact]
    public void For_FewWindowsOrALimitThatFits_SaysNothing()
    {
        LimitAdvice.For(Dollars(10, 10, 10), Tier.Tier2, Usd.FromDollars(100)).Should().BeNull();
        LimitAdvice.For(Dollars(10, 10, 10, 10), Tier.Tier2, Usd.FromDollars(12)).Should().BeNull();
    }

    [Theory]
    [InlineData("0.82 0.85 0.5 0.4", 0.8, "0.85")]
    [InlineData("0.82 0.99 0.5 0.4", 0.8, "0.95")]
    [InlineData("0.82 1.01 0.5 0.4", 0.8, null)]
    [InlineData("0.82 0.5 0.5 0.4", 0.8, null)]
    [InlineData("0.82 0.85 0.5", 0.8, null)]
    [InlineData("0.91 0.92 0.5 0.4", 0.9, "0.95")]
    [InlineData("0.96 0.97 0.5 0.4", 0.95, null)]
    public void Warning_ThatNeverLedToTheLimit_IsRaisedAboveThem(string uses, double warnAt, string? expected) =>
        LimitAdvice.Warning([.. uses.Split(' ').Select(use => decimal.Parse(use, System.Globalization.CultureInfo.InvariantCulture))], (decimal)warnAt)
            .Should().Be(expected is null ? null : decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));

    private static Usd[] Dollars(params int[] amounts) => [.. amounts.Select(amount => Usd.FromDollars(amount))];
}
