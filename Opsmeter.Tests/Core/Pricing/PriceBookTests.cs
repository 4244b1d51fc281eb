using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Xunit;

namespace Opsmeter.Tests.Core.Pricing;

public sealed class PriceBookTests
{
    private static readonly DateTimeOffset Noon = PricedCalls.At(PricedCalls.Day);

    [Fact]
    public void BuiltIn_Catalogue_IsWhole()
    {
        PriceBook.BuiltIn.Models.Should().HaveCount(1_694);
        PriceBook.BuiltIn.Models.Select(model => model.Provider).Distinct().Should().HaveCount(43);
        PriceBook.BuiltIn.Source.Should().Be("genai-prices");
        PriceBook.BuiltIn.Version.Should().Be("0.1.8");
        PriceBook.BuiltIn.Published.Should().Be(new DateOnly(2026, 9, 23));
    }

    [Fact]
    public void BuiltIn_EveryModelByItsId_ResolvesToItself() =>
        PriceBook.BuiltIn.Models.Where(model => model.PriceAt(Noon).IsPriced)
            .Should().AllSatisfy(model => PriceBook.BuiltIn.Resolve(model.Provider, model.Id, Noon)!.Model.Should().BeSameAs(model));

    [Fact]
    public void IsFree_OnlyPricedAtNothing()
    {
        var free = PriceBook.BuiltIn.Models.First(model => model.Id.EndsWith(":free", StringComparison.Ordinal));

        PriceBook.BuiltIn.IsFree(free.Provider, free.Id, Noon).Should().BeTrue();
        PriceBook.BuiltIn.IsFree("openai", "gpt-5-mini", Noon).Should().BeFalse();
        PriceBook.BuiltIn.IsFree("acme", "acme-1", Noon).Should().BeFalse();
        PricedCalls.BookOf("""[{"rates":{}}]""").IsFree("acme", "m", Noon).Should().BeFalse();
        PricedCalls.BookOf("""[{"rates":{"input_mtok":"0","requests_kcount":"1"}}]""").IsFree("acme", "m", Noon).Should().BeFalse();
        PricedCalls.BookOf("""[{"rates":{"input_mtok":"0","output_image_mtok":"1"}}]""").IsFree("acme", "m", Noon).Should().BeFalse();
        PricedCalls.BookOf("""[{"rates":{"input_mtok":{"base":"0","tiers":[{"start":10,"price":"1"}]}}}]""").IsFree("acme", "m", Noon).Should().BeFalse();
        PricedCalls.BookOf("""[{"rates":{"input_mtok":"0","output_mtok":"0"}}]""").IsFree("acme", "m", Noon).Should().BeTrue();
    }

    [Fact]
    public void Ceiling_OneToTwentyAndFreeOnes_NearestRankOfThePositive()
    {
        var models = Enumerable.Range(0, 25).Select(i =>
            $$$"""{"id":"m{{{i}}}","name":null,"contextWindow":null,"deprecated":false,"match":{"equals":"m{{{i}}}"},"prices":[{"rates":{ "input_mtok":"{{{Math.Max(0, i - 4)}}}","output_mtok":{"base":"{{{i * 10}}}","tiers":[{"start":1,"price":"9999"}] } } } ] }""");
        var book = PricedCalls.BookOfProviders(
            $$"""{"id":"acme","name":"Acme","match":null,"modelMatch":null,"fallback":[],"models":[{{string.Join(',', models)}}]}""");

        // 20 positive input rates, 1 to 20: the 19th. 24 positive output rates, 10 to 240: ⌈22.8⌉ = the 23rd.
        book.Ceiling.Should().Be(new CeilingPrice(19, 230));
    }

    [Fact]
    public void Ceiling_BuiltIn_IsARateSomeModelHas()
    {
        var ceiling = PriceBook.BuiltIn.Ceiling;

        ceiling.InputPerMillion.Should().BePositive().And.BeLessThan(100);
        ceiling.OutputPerMillion.Should().BeGreaterThan(ceiling.InputPerMillion).And.BeLessThan(500);
    }

    [Fact]
    public void Price_SameModelAgain_SharesItsRates()
    {
        var first = PricedCalls.Price("openai", "gpt-5-mini", new TokenUsage(10, 10));
        var second = PricedCalls.Price("openai", "gpt-5-mini", new TokenUsage(99, 1));

        second.Rates.Should().BeSameAs(first.Rates);
    }

    [Fact]
    public void Price_SeenModel_AllocatesOnlyTheAnswer()
    {
        var call = PricedCalls.Call("openai", "gpt-5-mini", new TokenUsage(1_200, 300, Cached: 400, Reasoning: 100));
        for (var i = 0; i < 100; i++)
        {
            PriceBook.BuiltIn.Price(call);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
        {
            PriceBook.BuiltIn.Price(call);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1_000 * 100);
    }

    [Fact]
    public void Rates_ThroughJson_EqualInValueAndText()
    {
        var rates = PricedCalls.Price("openai", "gpt-5-mini", new TokenUsage(10, 10), tier: ServiceTier.Batch).Rates!;
        var read = AppliedRates.FromJson(rates.ToJson());

        read.Should().Be(rates).And.NotBeSameAs(rates);
        read.ToJson().Should().Be(rates.ToJson());
        rates.Multiplier.Should().Be(0.5m);
    }

    [Fact]
    public void Rates_SameValuesAtOtherScale_SameText()
    {
        var rates = new AppliedRates { Source = "s", Version = "1", Provider = "p", Model = "m", Input = 0.50m };

        (rates with { Input = 0.5m }).Should().Be(rates);
        (rates with { Input = 0.5m }).ToJson().Should().Be(rates.ToJson()).And.Be(
            """{"source":"s","version":"1","provider":"p","model":"m","multiplier":"1","input":"0.5","cached":null,"cacheWrite5m":null,"cacheWrite1h":null,"audioInput":null,"output":null,"reasoning":null,"audioOutput":null,"requestFee":"0"}""");
    }

    [Fact]
    public void Breakdown_TokensWithoutRate_Refused()
    {
        var rates = new AppliedRates { Source = "s", Version = "1", Provider = "p", Model = "m", Input = 0.50m };

        rates.Invoking(it => it.Breakdown(new TokenUsage(1, 1))).Should().Throw<InvalidOperationException>();
    }
}
