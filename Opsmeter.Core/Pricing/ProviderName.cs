using System.Collections.Frozen;

namespace Opsmeter.Core.Pricing;

/// <summary>Names under which clients, gateways and telemetry conventions send a provider, beside the catalogue's own.</summary>
public static class ProviderName
{
    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>
    {
        ["xai"] = "x-ai",
        ["x_ai"] = "x-ai",
        ["grok"] = "x-ai",
        ["gemini"] = "google",
        ["gcp.gemini"] = "google",
        ["gcp.gen_ai"] = "google",
        ["google_genai"] = "google",
        ["google_ai_studio"] = "google",
        ["vertex"] = "google",
        ["vertexai"] = "google",
        ["vertex_ai"] = "google",
        ["vertex_ai_beta"] = "google",
        ["gcp.vertex_ai"] = "google",
        ["bedrock"] = "aws",
        ["bedrock_converse"] = "aws",
        ["aws.bedrock"] = "aws",
        ["aws_bedrock"] = "aws",
        ["amazon_bedrock"] = "aws",
        ["amazon-bedrock"] = "aws",
        ["azure_openai"] = "azure",
        ["azure-openai"] = "azure",
        ["azureopenai"] = "azure",
        ["azure_ai"] = "azure",
        ["azure.ai.openai"] = "azure",
        ["az.ai.openai"] = "azure",
        ["azure.ai.inference"] = "azure",
        ["az.ai.inference"] = "azure",
        ["claude"] = "anthropic",
        ["mistral_ai"] = "mistral",
        ["mistralai"] = "mistral",
        ["moonshot"] = "moonshotai",
        ["moonshot_ai"] = "moonshotai",
        ["together_ai"] = "together",
        ["together-ai"] = "together",
        ["togetherai"] = "together",
        ["fireworks_ai"] = "fireworks",
        ["fireworks-ai"] = "fireworks",
        ["perplexity_ai"] = "perplexity",
        ["perplexity-ai"] = "perplexity",
        ["deepseek_ai"] = "deepseek",
        ["deepseek-ai"] = "deepseek",
        ["voyage"] = "voyageai",
        ["voyage_ai"] = "voyageai",
        ["github_copilot"] = "github-copilot",
        ["open_router"] = "openrouter",
        ["z.ai"] = "zai",
        ["z-ai"] = "zai",
        ["z_ai"] = "zai",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The name trimmed and in lower case; the catalogue's id where it is a known alias.</summary>
    /// <param name="provider">The name, as sent.</param>
    public static string Canonical(string provider)
    {
        var name = provider.Trim().ToLowerInvariant();
        return Aliases.GetValueOrDefault(name, name);
    }
}
