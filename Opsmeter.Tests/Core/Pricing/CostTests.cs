using AwesomeAssertions;
using CsCheck;
using Opsmeter.Core;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Xunit;

namespace Opsmeter.Tests.Core.Pricing;

public sealed class CostTests
{
    private static Usd? CostOf(string prices, TokenUsage usage, string at = PricedCalls.Day, ServiceTier tier = ServiceTier.Standard, string model = "m") =>
        PricedCalls.BookOf(prices, model).Price(PricedCalls.Call("acme", model, usage, at, tier)).Cost;

    private static Usd Dollars(decimal amount) => Usd.FromDollars(amount);

    [Fact]
    public void Price_EveryClassRated_EachAtItsOwnRate()
    {
        const string prices = """[{"rates":{"input_mtok":"1","cache_read_mtok":"2","cache_write_mtok":"3","cache_write_1h_mtok":"4","input_audio_mtok":"5","output_mtok":"6","output_reasoning_mtok":"7","output_audio_mtok":"8"}}]""";
        var usage = new TokenUsage(15_000_000, 6_000_000, 1_000_000, 7_000_000, 4_000_000, 2_000_000, 2_000_000, 3_000_000);

        // 5M plain × 1 + 1M × 2 + 3M × 3 + 4M × 4 + 2M × 5 and 1M plain × 6 + 2M × 7 + 3M × 8.
        CostOf(prices, usage).Should().Be(Dollars(5 + 2 + 9 + 16 + 10 + 6 + 14 + 24));
    }

    [Fact]
    public void Price_ClassesWithoutRate_FallBack()
    {
        var usage = new TokenUsage(15_000_000, 6_000_000, 1_000_000, 7_000_000, 4_000_000, 2_000_000, 2_000_000, 3_000_000);

        CostOf("""[{"rates":{"input_mtok":"1","output_mtok":"6"}}]""", usage).Should().Be(Dollars(15 + 36));
        CostOf("""[{"rates":{"input_mtok":"1","cache_write_mtok":"3","output_mtok":"6"}}]""", usage).Should().Be(Dollars(8 + 21 + 36));
    }

    [Fact]
    public void Price_ClassWithTokensAndNoRate_Unpriced()
    {
        const string prices = """[{"rates":{"input_mtok":"1"}}]""";

        CostOf(prices, new TokenUsage(10, 1)).Should().BeNull();
        CostOf(prices, new TokenUsage(10, 0)).Should().Be(new Usd(10_000));
        CostOf("""[{"rates":{"output_image_mtok":"1"}}]""", new TokenUsage(0, 0)).Should().BeNull();
    }

    [Theory]
    [InlineData(200_000, 200_000 * 1_000 + 10 * 5_000)]
    [InlineData(200_001, 200_001 * 2_000 + 10 * 9_000)]
    [InlineData(400_001, 400_001L * 3_000 + 10 * 9_000)]
    public void Price_Tiers_WholeRequestAtHighestStepBelowTotalInput(long input, long nano)
    {
        const string prices = """[{"rates":{"input_mtok":{"base":"1","tiers":[{"start":400000,"price":"3"},{"start":200000,"price":"2"}]},"output_mtok":{"base":"5","tiers":[{"start":200000,"price":"9"}]}}}]""";

        CostOf(prices, new TokenUsage(input, 10)).Should().Be(new Usd(nano));
    }

    [Fact]
    public void Price_StepOnOneClassOnly_OthersKeepTheirBase()
    {
        const string prices = """[{"rates":{"input_mtok":"1","cache_read_mtok":{"base":"0.1","tiers":[{"start":100,"price":"0.5"}]},"output_mtok":"5"}}]""";

        CostOf(prices, new TokenUsage(101, 1, Cached: 100)).Should().Be(new Usd(1_000 + 50_000 + 5_000));
        CostOf(prices, new TokenUsage(100, 1, Cached: 100)).Should().Be(new Usd(10_000 + 5_000));
    }

    [Theory]
    [InlineData("2026-08-16T23:59:59.9999999Z", 1)]
    [InlineData("2026-08-17T00:00:00Z", 2)]
    [InlineData("2026-08-17T01:59:59+02:00", 1)]
    public void Price_StartDate_FromMidnightUtc(string at, long nano) =>
        CostOf("""[{"rates":{"input_mtok":"0.001"}},{"startDate":"2026-08-17","rates":{"input_mtok":"0.002"}}]""", new TokenUsage(1, 0), at)
            .Should().Be(new Usd(nano));

    [Theory]
    [InlineData("2026-08-17T21:59:59.9999999Z", 1)]
    [InlineData("2026-08-17T22:00:00Z", 2)]
    [InlineData("2026-08-17T23:59:59Z", 2)]
    [InlineData("2026-08-18T00:00:00Z", 2)]
    [InlineData("2026-08-18T02:59:59.9999999Z", 2)]
    [InlineData("2026-08-18T03:00:00Z", 1)]
    [InlineData("2026-08-18T00:30:00+02:00", 2)]
    public void Price_TimeOfDay_HalfOpenAndOverMidnight(string at, long nano) =>
        CostOf("""[{"rates":{"input_mtok":"0.001"}},{"startTime":"22:00:00","endTime":"03:00:00","rates":{"input_mtok":"0.002"}}]""", new TokenUsage(1, 0), at)
            .Should().Be(new Usd(nano));

    [Fact]
    public void Price_SeveralConstraintsHold_LastWins()
    {
        const string prices = """[{"rates":{"input_mtok":"1"}},{"startDate":"2026-01-01","rates":{"input_mtok":"2"}},{"startTime":"10:00:00","endTime":"13:00:00","rates":{"input_mtok":"3"}}]""";

        CostOf(prices, new TokenUsage(1, 0), "2026-11-20T12:00:00Z").Should().Be(new Usd(3_000));
        CostOf(prices, new TokenUsage(1, 0), "2026-11-20T13:00:00Z").Should().Be(new Usd(2_000));
        CostOf(prices, new TokenUsage(1, 0), "2025-11-20T13:00:00Z").Should().Be(new Usd(1_000));
    }

    [Fact]
    public void Price_EmptyPrices_FreeOnlyWhereTheNameSaysSo()
    {
        CostOf("""[{"rates":{}}]""", new TokenUsage(1_000, 1_000), model: "m:free").Should().Be(Usd.Zero);
        CostOf("""[{"rates":{}}]""", new TokenUsage(1_000, 1_000)).Should().BeNull();
    }

    [Fact]
    public void Price_RequestFee_OnceARequest() =>
        PricedCalls.Price("perplexity", "sonar", new TokenUsage(1_000, 1_000)).Cost.Should().Be(Dollars(0.002m + 0.012m));

    [Theory]
    [InlineData(ServiceTier.Standard, 3_000)]
    [InlineData(ServiceTier.Batch, 1_500)]
    [InlineData(ServiceTier.Flex, 3_000)]
    [InlineData(ServiceTier.Priority, 3_000)]
    public void Price_ServiceTier_OnlyBatchIsHalved(ServiceTier tier, long nano) =>
        CostOf("""[{"rates":{"input_mtok":"1","output_mtok":"2"}}]""", new TokenUsage(1, 1), tier: tier).Should().Be(new Usd(nano));

    [Fact]
    public void Price_BatchOfAModelListedAsBatch_NotHalvedAgain() =>
        CostOf("""[{"rates":{"input_mtok":"1"}}]""", new TokenUsage(1, 0), tier: ServiceTier.Batch, model: "m:batch").Should().Be(new Usd(1_000));

    [Theory]
    [InlineData("0.0005", 1, 0)]
    [InlineData("0.0005", 3, 2)]
    [InlineData("0.0005", 5, 2)]
    [InlineData("0.00051", 1, 1)]
    public void Price_HalfANano_RoundsToEven(string rate, long tokens, long nano) =>
        CostOf($$$"""[{"rates":{"input_mtok":"{{{rate}}}"}}]""", new TokenUsage(tokens, 0)).Should().Be(new Usd(nano));

    [Fact]
    public void Price_PartsBelowHalfANano_RoundedOnceInTheSum() =>
        CostOf("""[{"rates":{"input_mtok":"0.0004","output_mtok":"0.0004"}}]""", new TokenUsage(1, 1)).Should().Be(new Usd(1));

    [Fact]
    public void Price_Unpriced_ReportedCostUsed()
    {
        var priced = PriceBook.BuiltIn.Price(PricedCalls.Call("acme", "acme-1", new TokenUsage(10, 10), reported: Dollars(0.5m)));

        priced.Should().Be(new PricedRequest(Dollars(0.5m), "acme", false, null, true));
    }

    [Fact]
    public void Price_Priced_ReportedCostIgnored()
    {
        var call = PricedCalls.Call("openai", "gpt-5-mini", new TokenUsage(10, 10));

        PriceBook.BuiltIn.Price(call with { ReportedCost = Dollars(99) }).Should().Be(PriceBook.BuiltIn.Price(call));
    }

    [Fact]
    public void Price_EveryModelAtThreeBillionTokensAClass_DoesNotThrow()
    {
        const long many = 3_000_000_000;
        var usage = new TokenUsage(many, many, many, many, many, many, many, many);
        var costs = PriceBook.BuiltIn.Models
            .Select(model => PriceBook.BuiltIn.Price(PricedCalls.Call(model.Provider, model.Id, usage)).Cost).ToList();

        costs.Count(cost => cost is not null).Should().BeGreaterThan(1_500);
    }

    [Fact]
    public void Breakdown_AnyUsageOfAnyModel_SumIsTheCost() =>
        Gen.Select(Gen.Int[0, PriceBook.BuiltIn.Models.Count - 1], Usages, Gen.Enum<ServiceTier>()).Sample((index, usage, tier) =>
        {
            var model = PriceBook.BuiltIn.Models[index];
            var priced = PriceBook.BuiltIn.Price(PricedCalls.Call(model.Provider, model.Id, usage, tier: tier));
            if (priced.Rates is { } rates)
            {
                var breakdown = rates.Breakdown(usage);
                breakdown.Total.Should().Be(priced.Cost!.Value);
                AppliedRates.FromJson(rates.ToJson()).Breakdown(usage).Should().Be(breakdown);
            }
            else
            {
                priced.Cost.Should().BeNull();
            }
        });

    [Fact]
    public void Price_MoreOutputOrPlainInputWithinAStep_NeverCheaper() =>
        Gen.Select(Gen.Int[0, PriceBook.BuiltIn.Models.Count - 1], Usages, Gen.Long[0, 50_000], Gen.Long[0, 50_000]).Sample((index, usage, input, output) =>
        {
            var model = PriceBook.BuiltIn.Models[index];
            var less = PriceBook.BuiltIn.Price(PricedCalls.Call(model.Provider, model.Id, usage));
            var more = PriceBook.BuiltIn.Price(PricedCalls.Call(
                model.Provider, model.Id, usage with { Input = usage.Input + input, Output = usage.Output + output }));
            if (less.Rates is not null && less.Rates == more.Rates)
            {
                more.Cost!.Value.Should().BeGreaterThanOrEqualTo(less.Cost!.Value);
            }
        });

    private static readonly Gen<TokenUsage> Usages =
        Gen.Select(Gen.Long[0, 300_000], Gen.Long[0, 100_000], Gen.Long[0, 50_000], Gen.Long[0, 50_000])
            .Select((plain, output, cached, other) => new TokenUsage(
                plain + cached + other + (other / 3), output + cached + (other / 2), cached, other, other / 2, cached, other / 3, other / 2));
}
