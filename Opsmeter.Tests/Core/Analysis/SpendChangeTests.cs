using AwesomeAssertions;
using CsCheck;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Xunit;

namespace Opsmeter.Tests.Core.Analysis;

public sealed class SpendChangeTests
{
    private static readonly Gen<SpendCell> Cell = Gen.OneOf(
        Gen.Const(default(SpendCell)),
        Gen.Select(Gen.Long[1, 1_000_000], Gen.Long[0, 1_000_000_000_000], Gen.Long[0, 1_000_000_000_000_000])
            .Select((requests, tokens, nano) => new SpendCell(requests, tokens, new Usd(nano))));

    [Fact]
    public void Between_AnyCells_PartsAddUpToTheChangeToTheNanoDollar() =>
        Gen.Select(Cell, Cell).Array[0, 40].Sample(cells =>
        {
            var change = SpendChange.Between(cells);

            var sum = change.Volume + change.Mix + change.TokensPerRequest + change.UnitPrice + change.Newcomers;
            sum.Should().Be(change.Change);
            change.Before.Nano.Should().Be(cells.Sum(cell => cell.Item1.Cost.Nano));
            change.After.Nano.Should().Be(cells.Sum(cell => cell.Item2.Cost.Nano));
        });

    [Fact]
    public void Between_ARequestGrowsPastWhatCanBeCounted_PartsStillAddUp()
    {
        var cell = new SpendCell(1, 1, new Usd(1_000_000_000_000_000));
        var change = SpendChange.Between([(cell, new SpendCell(1_000_000, 1_000_000_000_000, cell.Cost))]);

        (change.Volume + change.Mix + change.TokensPerRequest + change.UnitPrice + change.Newcomers).Should().Be(Usd.Zero).And.Be(change.Change);
    }

    [Fact]
    public void Between_TwiceTheRequests_IsVolume() =>
        Of((Cents(10, 1000, 100), Cents(20, 2000, 200)), (Cents(5, 50, 40), Cents(10, 100, 80)))
            .Should().Be(Parts(volume: 140));

    [Fact]
    public void Between_RequestsMovedToADearerModel_IsMix() =>
        Of((Cents(10, 1000, 100), Cents(5, 500, 50)), (Cents(10, 1000, 900), Cents(15, 1500, 1350)))
            .Should().Be(Parts(mix: 400));

    [Fact]
    public void Between_LongerRequests_IsTokensPerRequest() =>
        Of((Cents(10, 1000, 100), Cents(10, 3000, 300))).Should().Be(Parts(tokens: 200));

    [Fact]
    public void Between_DearerTokens_IsUnitPrice() =>
        Of((Cents(10, 1000, 100), Cents(10, 1000, 250))).Should().Be(Parts(price: 150));

    [Fact]
    public void Between_CellNeverSeen_IsANewcomerAndMovesNoOtherPart() =>
        Of((Cents(10, 1000, 100), Cents(10, 1000, 100)), (default, Cents(99, 9900, 700))).Should().Be(Parts(newcomers: 700));

    [Fact]
    public void Between_NothingBefore_IsAllNewcomers() =>
        Of((default, Cents(3, 30, 30))).Should().Be(Parts(newcomers: 30));

    private static SpendCell Cents(long requests, long tokens, long cents) => new(requests, tokens, Usd.FromDollars(cents / 100m));

    private static (decimal, decimal, decimal, decimal, decimal) Of(params (SpendCell, SpendCell)[] cells)
    {
        var change = SpendChange.Between(cells);
        return (change.Volume.Dollars * 100, change.Mix.Dollars * 100, change.TokensPerRequest.Dollars * 100,
            change.UnitPrice.Dollars * 100, change.Newcomers.Dollars * 100);
    }

    private static (decimal, decimal, decimal, decimal, decimal) Parts(
        decimal volume = 0, decimal mix = 0, decimal tokens = 0, decimal price = 0, decimal newcomers = 0) =>
        (volume, mix, tokens, price, newcomers);
}
