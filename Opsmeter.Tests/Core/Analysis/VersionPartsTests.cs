using AwesomeAssertions;
using Opsmeter.Core.Analysis;
using Xunit;

namespace Opsmeter.Tests.Core.Analysis;

public sealed class VersionPartsTests
{
    private static readonly TokenRates Mini = new(0.25, 0.025, 2);
    private static readonly TokenRates Large = new(1.25, 0.125, 10);

    [Fact]
    public void Between_OnlyOutputsGrew_AllOfItIsOutput()
    {
        var parts = VersionParts.Between([(Cell(Mini, 300, 1_000, 200, 500), Cell(Mini, 200, 1_000, 200, 900), Mini)])!;

        parts.Output.Should().BeApproximately(400 * 2 / 1e6, 1e-12);
        parts.Change.Should().BeApproximately(parts.Output, 1e-12);
        Math.Abs(parts.Input).Should().BeLessThan(1e-12);
        Math.Abs(parts.Caching).Should().BeLessThan(1e-12);
    }

    [Fact]
    public void Between_CacheLostAtTheSameLength_IsCaching()
    {
        var parts = VersionParts.Between([(Cell(Mini, 300, 1_000, 600, 100), Cell(Mini, 300, 1_000, 0, 100), Mini)])!;

        parts.Caching.Should().BeApproximately(600 * (0.25 - 0.025) / 1e6, 1e-12);
        parts.Change.Should().BeApproximately(parts.Caching, 1e-12);
    }

    [Fact]
    public void Between_SameRequestsOnADearerModel_IsModels()
    {
        var parts = VersionParts.Between(
        [
            (Cell(Mini, 90, 1_000, 0, 100), Cell(Mini, 10, 1_000, 0, 100), Mini), (Cell(Large, 10, 1_000, 0, 100), Cell(Large, 90, 1_000, 0, 100), Large),
        ])!;

        parts.Models.Should().BeApproximately(0.8 * 4 * ((1_000 * 0.25) + (100 * 2)) / 1e6, 1e-12);
        parts.Change.Should().BeApproximately(parts.Models, 1e-12);
    }

    [Fact]
    public void Between_RatesUnknown_ClaimsNoCause()
    {
        var parts = VersionParts.Between([(Cell(Mini, 300, 1_000, 0, 500), Cell(Mini, 300, 1_000, 0, 900), null)])!;

        parts.Should().Be(new VersionParts(0, 0, 0, 0, parts.Change));
        parts.Change.Should().BePositive();
    }

    [Fact]
    public void Between_AnythingAtOnce_AddsUpAndTurnsRoundWithTheVersions()
    {
        var (a, b, c, d) = (Cell(Mini, 120, 900, 100, 80), Cell(Mini, 500, 2_100, 40, 310), Cell(Large, 300, 700, 650, 12), Cell(Large, 80, 300, 10, 5));
        var newcomer = Cell(Large, 40, 5_000, 0, 2_000);

        var there = VersionParts.Between([(a, b, Mini), (c, d, Large), (default, newcomer, null)])!;
        var back = VersionParts.Between([(b, a, Mini), (d, c, Large), (newcomer, default, null)])!;

        there.Change.Should().BeApproximately(((b.Dollars + d.Dollars + newcomer.Dollars) / 620) - ((a.Dollars + c.Dollars) / 420), 1e-12);
        back.Output.Should().BeApproximately(-there.Output, 1e-12);
        back.Models.Should().BeApproximately(-there.Models, 1e-12);
        Math.Abs(there.Other).Should().BeLessThan(1e-12, "the costs are what the rates make them");
    }

    [Fact]
    public void Between_NoPricedRequestOfOne_SaysNothing() =>
        VersionParts.Between([(Cell(Mini, 300, 1_000, 0, 500), default, Mini)]).Should().BeNull();

    private static VersionCell Cell(TokenRates rates, long requests, long input, long cached, long output) => new(
        requests, requests * (((input - cached) * rates.Input) + (cached * rates.Cached) + (output * rates.Output)) / 1e6,
        requests * input, requests * cached, requests * output);
}
