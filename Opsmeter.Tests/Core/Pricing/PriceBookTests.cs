using AwesomeAssertions;
using CsCheck;
using Opsmeter.Core;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Core.Pricing;

public sealed class PriceBookTests
{
    private static readonly PriceBook Book = PriceBook.BuiltIn;

    [Fact]
    public void Price_EveryVector_CostsWhatTheIndependentImplementationSays()
    {
        var wrong = new List<string>();
        foreach (var vector in Vectors.Read<CostVector>("costs.json"))
        {
            var priced = Book.Price(vector.Request);
            if (priced.Cost?.Nano != vector.CostNanoUsd)
            {
                wrong.Add($"{vector} was {priced.Cost?.Nano}");
            }
        }

        wrong.Should().BeEmpty();
    }

    [Theory]
    [InlineData("openai", "gpt-4o-mini", "openai", "gpt-4o-mini")]
    [InlineData("OpenAI", "GPT-5-Mini", "openai", "gpt-5-mini")]
    [InlineData("azure_openai", "gpt-5-mini", "azure", "gpt-5-mini")]
    [InlineData("bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", "aws", null)]
    [InlineData("vertex_ai", "gemini-2.5-flash@001", "google", "gemini-2.5-flash")]
    [InlineData("xai", "grok-3-mini", "x-ai", "grok-3-mini")]
    public void Resolve_NamesSendersUse_FindsTheModel(string provider, string model, string canonical, string? id)
    {
        var found = Book.Resolve(provider, model);

        found.Provider.Should().Be(canonical);
        found.Model.Should().NotBeNull();
        found.ProviderInferred.Should().BeFalse();
        if (id is not null)
        {
            found.Model!.Id.Should().Be(id);
        }
    }

    [Fact]
    public void Resolve_ProviderThatContradictsTheModel_IsInferredFromTheModel()
    {
        var found = Book.Resolve("openai", "gemini-2.5-flash");

        found.Provider.Should().Be("google");
        found.ProviderInferred.Should().BeTrue();
    }

    [Fact]
    public void Price_UnknownModel_HasNoCostRatherThanZero()
    {
        var priced = Book.Price(Requests.Of("acme-llm-internal", "acme").Tokens(10, 10).Build());

        priced.Cost.Should().BeNull();
        priced.Provider.Should().Be("acme");
    }

    [Fact]
    public void Price_UnknownModelWithAReportedCost_TakesTheReportedCost()
    {
        var request = Requests.Of("acme-llm-internal", "acme").Tokens(10, 10).Build() with { ReportedCost = new Usd(84_000) };

        var priced = Book.Price(request);

        priced.Cost.Should().Be(new Usd(84_000));
        priced.ReportedCostUsed.Should().BeTrue();
    }

    [Fact]
    public void Price_Batch_CostsHalf()
    {
        var request = Requests.Of("gpt-5-mini").Tokens(240, 80).Build();

        Book.Price(request with { ServiceTier = ServiceTier.Batch }).Cost!.Value.Nano
            .Should().Be(Book.Price(request).Cost!.Value.Nano / 2);
    }

    [Fact]
    public void Price_TimeOfDayPrice_HoldsFromItsStartToBeforeItsEnd()
    {
        var model = Book.Models.Single(model => model.Provider == "deepseek" && model.Id == "deepseek-chat");

        AppliedRates At(string time) =>
            model.RatesFor(DateTimeOffset.Parse($"2026-05-01T{time}Z", System.Globalization.CultureInfo.InvariantCulture), 1, ServiceTier.Standard)!;

        At("00:29:59").Input.Should().Be(0.135m);
        At("00:30:00").Input.Should().Be(0.27m);
        At("16:29:59").Input.Should().Be(0.27m);
        At("16:30:00").Input.Should().Be(0.135m);
    }

    [Fact]
    public void Price_ThresholdTier_AppliesToTheWholeRequestOnlyAboveItsStart()
    {
        var tiered = Book.Models.First(model => model.Prices[0].Input is { Tiers.Count: > 0 } && model.Prices.Count == 1);
        var price = tiered.Prices[0].Input!;
        var at = DateTimeOffset.UnixEpoch;

        tiered.RatesFor(at, price.Tiers[0].Start, ServiceTier.Standard)!.Input.Should().Be(price.Base);
        tiered.RatesFor(at, price.Tiers[0].Start + 1, ServiceTier.Standard)!.Input.Should().Be(price.Tiers[0].Price);
    }

    [Fact]
    public void IsFree_OnlyPricedModelsAtNothing()
    {
        var free = Book.Models.First(model => model.Id.EndsWith(":free", StringComparison.Ordinal));

        Book.IsFree(free.Provider, free.Id, DateTimeOffset.UnixEpoch).Should().BeTrue();
        Book.IsFree("openai", "gpt-5-mini", DateTimeOffset.UnixEpoch).Should().BeFalse();
        Book.IsFree("acme", "acme-llm-internal", DateTimeOffset.UnixEpoch).Should().BeFalse();
    }

    [Fact]
    public void Cost_AnyUsage_IsTheBreakdownRoundedOnce()
    {
        var rates = Book.Models.Select(model => model.RatesFor(DateTimeOffset.UnixEpoch, 0, ServiceTier.Standard))
            .OfType<AppliedRates>().ToArray();
        Gen.Select(Pick.OneOf(rates), Gen.Long[0, 1_000_000_000], Gen.Long[0, 1_000_000_000], Gen.Int[0, 100]).Sample(
            (rate, input, output, cachedPercent) =>
            {
                var usage = new TokenUsage(input, output, Cached: input * cachedPercent / 100);
                return rate.Breakdown(usage) is not { } parts || rate.Cost(usage) == Usd.FromDollars(parts.Total);
            });
    }

    [Fact]
    public void FromJson_WhatToJsonWrote_IsEqual()
    {
        var rates = Book.Resolve("anthropic", "claude-sonnet-4-5").Model!.RatesFor(DateTimeOffset.UnixEpoch, 0, ServiceTier.Batch)!;

        AppliedRates.FromJson(rates.ToJson()).Should().Be(rates);
    }

    private sealed record CostVector(
        string Provider, string Model, DateTimeOffset OccurredAt, long InputTokens, long CachedInputTokens,
        long CacheWriteTokens, long OutputTokens, long ReasoningTokens, long? CostNanoUsd)
    {
        public LlmRequest Request => Requests.Of(Model, Provider).Build() with
        {
            OccurredAt = OccurredAt,
            Usage = new TokenUsage(
                InputTokens, OutputTokens, Cached: CachedInputTokens, CacheWrite: CacheWriteTokens, Reasoning: ReasoningTokens),
        };
    }
}
