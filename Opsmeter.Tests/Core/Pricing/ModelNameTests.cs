using AwesomeAssertions;
using Opsmeter.Core.Pricing;
using Xunit;

namespace Opsmeter.Tests.Core.Pricing;

public sealed class ModelNameTests
{
    [Theory]
    [InlineData("GPT-5-Mini", "gpt-5-mini")]
    [InlineData("openrouter/anthropic/claude-opus-4", "claude-opus-4")]
    [InlineData("azure/gpt-4o", "gpt-4o")]
    [InlineData("vertex_ai/gemini-2.5-pro", "gemini-2.5-pro")]
    [InlineData("publishers/google/models/gemini-2.5-pro", "gemini-2.5-pro")]
    [InlineData("models/gemini-2.5-pro", "gemini-2.5-pro")]
    [InlineData("litellm/gpt-5", "gpt-5")]
    [InlineData("moonshotai/kimi-k2.5", "kimi-k2.5")]
    [InlineData("us.nova-pro", "nova-pro")]
    [InlineData("anthropic.claude-opus-4", "claude-opus-4")]
    [InlineData("bedrock/eu.anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4")]
    [InlineData("nova-pro-v1:0", "nova-pro")]
    [InlineData("text-bison@001", "text-bison")]
    [InlineData("gpt-4o-latest", "gpt-4o")]
    [InlineData("gpt-5-2026-03-15", "gpt-5")]
    [InlineData("claude-opus-4-20260315", "claude-opus-4")]
    [InlineData("gpt-4-0315", "gpt-4")]
    public void Forms_ConventionAroundTheName_LastFormIsTheName(string sent, string expected) =>
        ModelName.Forms(sent)[^1].Should().Be(expected);

    [Theory]
    [InlineData("gpt-4o-mini")]
    [InlineData("codestral-2508")]
    [InlineData("claude-opus-4-99999999")]
    [InlineData("prod-chat-deployment")]
    [InlineData("meta-llama/llama-3.3-70b-instruct:free")]
    [InlineData("-latest")]
    [InlineData("azure/")]
    public void Forms_NoConvention_OnlyTheNameItself(string sent) =>
        ModelName.Forms(sent).Should().Equal(sent);

    [Fact]
    public void Forms_GatewayAndDate_GatewayTakenOffFirst() =>
        ModelName.Forms("azure/gpt-4o-2024-05-13").Should().Equal("azure/gpt-4o-2024-05-13", "gpt-4o-2024-05-13", "gpt-4o");

    [Fact]
    public void Forms_MakerAndDate_MakerTakenOffLast() =>
        ModelName.Forms("openrouter/moonshotai/kimi-k2.5-20260315").Should().Equal(
            "openrouter/moonshotai/kimi-k2.5-20260315", "moonshotai/kimi-k2.5-20260315", "moonshotai/kimi-k2.5",
            "kimi-k2.5-20260315", "kimi-k2.5");
}
