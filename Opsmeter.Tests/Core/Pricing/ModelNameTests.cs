using AwesomeAssertions;
using Opsmeter.Core.Pricing;
using Xunit;

namespace Opsmeter.Tests.Core.Pricing;

public sealed class ModelNameTests
{
    [Theory]
    [InlineData("GPT-5-Mini", "gpt-5-mini")]
    [InlineData("openrouter/gpt-x", "gpt-x")]
    [InlineData("azure/gpt-x", "gpt-x")]
    [InlineData("vertex_ai/gemini-x", "gemini-x")]
    [InlineData("bedrock/claude-x", "claude-x")]
    [InlineData("models/gemini-x", "gemini-x")]
    [InlineData("openrouter/openai/gpt-x", "gpt-x")]
    [InlineData("eu.anthropic.claude-x", "claude-x")]
    [InlineData("us.claude-x", "claude-x")]
    [InlineData("gpt-x-20260315", "gpt-x")]
    [InlineData("gpt-x-2026-03-15", "gpt-x")]
    [InlineData("gpt-x-0315", "gpt-x")]
    [InlineData("gpt-x-latest", "gpt-x")]
    [InlineData("claude-x-v1:0", "claude-x")]
    [InlineData("gemini-x@001", "gemini-x")]
    [InlineData("us.anthropic.claude-x-20250929-v1:0", "claude-x")]
    [InlineData("llama-9999", "llama-9999")]
    public void Forms_LastOne_IsTheBareName(string sent, string bare) => ModelName.Forms(sent).Last().Should().Be(bare);

    [Fact]
    public void Forms_DatedModel_IsTriedWithItsDateFirst() =>
        ModelName.Forms("azure/gpt-4o-2024-08-06").Should().Equal("azure/gpt-4o-2024-08-06", "gpt-4o-2024-08-06", "gpt-4o");
}
