using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Pricing;
using Xunit;

namespace Opsmeter.Tests.Core.Pricing;

public sealed class ResolutionTests
{
    private static readonly DateTimeOffset Noon = PricedCalls.At(PricedCalls.Day);

    private static Resolution? Resolve(string? provider, string model) => PriceBook.BuiltIn.Resolve(provider, model, Noon);

    [Theory]
    [InlineData("openai", "openai")]
    [InlineData(" OpenAI ", "openai")]
    [InlineData("xai", "x-ai")]
    [InlineData("x_ai", "x-ai")]
    [InlineData("gemini", "google")]
    [InlineData("vertex_ai", "google")]
    [InlineData("gcp.vertex_ai", "google")]
    [InlineData("bedrock", "aws")]
    [InlineData("aws.bedrock", "aws")]
    [InlineData("azure_openai", "azure")]
    [InlineData("az.ai.openai", "azure")]
    [InlineData("azure.ai.openai", "azure")]
    [InlineData("mistral_ai", "mistral")]
    [InlineData("anthropic-eu", "anthropic")]
    [InlineData("Acme", "acme")]
    public void CanonicalProvider_AsSent_CatalogueId(string sent, string expected) =>
        PriceBook.BuiltIn.CanonicalProvider(sent, null).Should().Be(expected);

    [Fact]
    public void CanonicalProvider_OnlyModel_TakenFromModel()
    {
        PriceBook.BuiltIn.CanonicalProvider(null, "claude-opus-4").Should().Be("anthropic");
        PriceBook.BuiltIn.CanonicalProvider(null, null).Should().BeNull();
        PriceBook.BuiltIn.CanonicalProvider(" ", "prod-chat").Should().BeNull();
    }

    [Fact]
    public void Resolve_AnyCase_SamePrice() =>
        Resolve("OPENAI", "GPT-5-MINI").Should().Be(Resolve("openai", "gpt-5-mini")).And.NotBeNull();

    [Fact]
    public void Resolve_ShorterNameInCatalogue_DoesNotPriceLongerOne()
    {
        Resolve("openai", "gpt-4o")!.Model.Id.Should().Be("gpt-4o");
        Resolve("openai", "gpt-4o-mini")!.Model.Id.Should().Be("gpt-4o-mini");
    }

    [Fact]
    public void Resolve_ContradictingProvider_InferredFromModel()
    {
        var resolution = Resolve("openai", "gemini-2.5-flash")!;

        resolution.Provider.Should().Be("google");
        resolution.ProviderInferred.Should().BeTrue();
        PricedCalls.Price("openai", "gemini-2.5-flash", new TokenUsage(10, 0)).ProviderInferred.Should().BeTrue();
    }

    [Fact]
    public void Resolve_UnknownProvider_InferredFromModel()
    {
        var resolution = Resolve("my-gateway", "claude-opus-4")!;

        resolution.Provider.Should().Be("anthropic");
        resolution.ProviderInferred.Should().BeTrue();
    }

    [Theory]
    [InlineData("openai", "gemini-3-flash", "google")]
    [InlineData("acme", "gpt-99", "openai")]
    [InlineData("groq", "gpt-99", null)]
    [InlineData("cerebras", "gpt-oss-999", null)]
    [InlineData("google", "claude-99", null)]
    [InlineData("openai", "gpt-99", null)]
    public void Price_UnpricedName_InferredOnlyWhereItContradictsTheProvider(string sent, string model, string? inferred)
    {
        var priced = PricedCalls.Price(sent, model, new TokenUsage(10, 10));

        priced.Should().Be(new PricedRequest(null, inferred ?? sent, inferred is not null, null, false));
        PriceBook.BuiltIn.CanonicalProvider(sent, model).Should().Be(priced.Provider);
    }

    [Theory]
    [InlineData("bedrock", "eu.anthropic.claude-sonnet-4-20250514-v1:0", "aws")]
    [InlineData("vertex_ai", "claude-opus-4-5@20251101", "google")]
    [InlineData("gemini", "models/gemini-2.5-flash", "google")]
    [InlineData("xai", "grok-4-latest", "x-ai")]
    [InlineData("openrouter", "openrouter/anthropic/claude-opus-4", "openrouter")]
    [InlineData("azure_openai", "gpt-4o", "azure")]
    public void Resolve_NamesAsGatewaysSendThem_PricedUnderTheirProvider(string sent, string model, string provider)
    {
        var resolution = Resolve(sent, model)!;

        resolution.Provider.Should().Be(provider);
        resolution.ProviderInferred.Should().BeFalse();
    }

    [Fact]
    public void Resolve_NotUnderProvider_FallbackProvidersPriceKeepsProvider()
    {
        var resolution = Resolve("azure", "gpt-5-mini")!;

        resolution.Provider.Should().Be("azure");
        resolution.ProviderInferred.Should().BeFalse();
        resolution.Model.Provider.Should().Be("openai");
    }

    [Fact]
    public void Resolve_DatedSnapshotBehindPrefix_KeepsItsOwnPrice() =>
        Resolve("azure", "azure/gpt-4o-2024-05-13")!.Model.Should().BeSameAs(Resolve("openai", "gpt-4o-2024-05-13")!.Model)
            .And.NotBeSameAs(Resolve("openai", "gpt-4o")!.Model);

    [Theory]
    [InlineData("openrouter", "moonshotai/kimi-k2.5", "-20260315")]
    [InlineData("openrouter", "moonshotai/kimi-k2.5", "-latest")]
    [InlineData("openrouter", "deepseek/deepseek-v4-flash", "-0315")]
    [InlineData("openrouter", "perplexity/sonar", "-2026-03-15")]
    [InlineData("groq", "moonshotai/kimi-k2-instruct", "-20260315")]
    [InlineData("aws", "global.anthropic.claude-opus-5", "-20260315")]
    public void Resolve_SnapshotOfAHostsModel_KeepsTheHostsPrice(string host, string model, string suffix)
    {
        var resolution = Resolve(host, model + suffix)!;

        resolution.Model.Should().BeSameAs(Resolve(host, model)!.Model);
        resolution.Model.Provider.Should().Be(host);
        resolution.ProviderInferred.Should().BeFalse();
    }

    [Fact]
    public void Resolve_NothingKnown_Null()
    {
        Resolve("azure", "prod-chat").Should().BeNull();
        Resolve("acme", "acme-1").Should().BeNull();

        var priced = PricedCalls.Price("Acme", "acme-1", new TokenUsage(10, 10));
        priced.Should().Be(new PricedRequest(null, "acme", false, null, false));
    }

    [Fact]
    public void Resolve_ExactNameLaterInFile_WinsOverEarlierClause()
    {
        const string model = """{"name":null,"contextWindow":null,"deprecated":false,"prices":[{"rates":{"input_mtok":"1"}}],""";
        var book = PricedCalls.BookOfProviders(
            $$$"""{"id":"acme","name":"Acme","match":null,"modelMatch":null,"fallback":[],"models":[{{{model}}}"id":"first","match":{"starts_with":"foo"}},{{{model}}}"id":"second","match":{"or":[{"equals":"foo-2"},{"contains":"none"}]}}]}""");

        book.Resolve("acme", "foo-2", Noon)!.Model.Id.Should().Be("second");
        book.Resolve("acme", "FOO-3", Noon)!.Model.Id.Should().Be("first");
    }

    [Fact]
    public void CanonicalProvider_MoreNamesThanRemembered_StillAnswers()
    {
        var book = PricedCalls.BookOf("""[{"rates":{"input_mtok":"1"}}]""");
        for (var i = 0; i < 20_000; i++)
        {
            book.CanonicalProvider("acme", $"made-up-{i}").Should().Be("acme");
        }

        book.Resolve("acme", "m", Noon).Should().NotBeNull();
    }
}
