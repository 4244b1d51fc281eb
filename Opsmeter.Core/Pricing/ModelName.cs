using System.Text.RegularExpressions;

namespace Opsmeter.Core.Pricing;

/// <summary>
/// Strips from a model's name what senders add to it. The rules are applied one after another, each form is tried
/// against the catalogue, and the first that is found wins: a dated model with a price of its own keeps it.
/// </summary>
public static partial class ModelName
{
    private static readonly string[] Gateways =
        ["openrouter/", "azure_ai/", "azure/", "vertex_ai/", "bedrock/", "models/", "litellm/"];

    private static readonly string[] Vendors =
        ["openai/", "anthropic/", "google/", "gemini/", "x-ai/", "xai/", "mistralai/", "mistral/", "deepseek/", "cohere/"];

    private static readonly string[] Regions = ["us-gov.", "us.", "eu.", "apac.", "ap.", "jp.", "au.", "ca.", "global."];

    private static readonly string[] BedrockVendors =
        ["anthropic.", "amazon.", "meta.", "mistral.", "cohere.", "deepseek.", "ai21.", "openai.", "qwen."];

    /// <summary>The name in lower case, then each further form, without repetitions.</summary>
    public static IEnumerable<string> Forms(string name)
    {
        var form = name.Trim().ToLowerInvariant();
        yield return form;
        foreach (var rule in Rules)
        {
            var next = rule(form);
            if (next.Length > 0 && next != form)
            {
                form = next;
                yield return form;
            }
        }
    }

    private static readonly Func<string, string>[] Rules =
    [
        static name => WithoutPrefix(name, Gateways),             // openrouter/openai/gpt-5 → openai/gpt-5
        static name => WithoutPrefix(name, Vendors),              // openai/gpt-5 → gpt-5
        static name => WithoutPrefix(name, Regions),              // eu.anthropic.claude-x → anthropic.claude-x
        static name => WithoutPrefix(name, BedrockVendors),       // anthropic.claude-x → claude-x
        static name => BedrockVersion().Replace(name, ""),        // claude-x-v1:0 → claude-x
        static name => VertexVersion().Replace(name, ""),         // gemini-x@001 → gemini-x
        static name => CompactDate().Replace(name, ""),           // gpt-x-20260315 → gpt-x
        static name => DashedDate().Replace(name, ""),            // gpt-x-2026-03-15 → gpt-x
        static name => MonthAndDay().Replace(name, ""),           // gpt-x-0315 → gpt-x
        static name => Latest().Replace(name, ""),                // gpt-x-latest → gpt-x
    ];

    private static string WithoutPrefix(string name, string[] prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                return name[prefix.Length..];
            }
        }

        return name;
    }

    [GeneratedRegex(@"-v\d+(:\d+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex BedrockVersion();

    [GeneratedRegex(@"@\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex VertexVersion();

    [GeneratedRegex(@"-20\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$", RegexOptions.CultureInvariant)]
    private static partial Regex CompactDate();

    [GeneratedRegex(@"-20\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$", RegexOptions.CultureInvariant)]
    private static partial Regex DashedDate();

    [GeneratedRegex(@"-(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$", RegexOptions.CultureInvariant)]
    private static partial Regex MonthAndDay();

    [GeneratedRegex(@"-latest$", RegexOptions.CultureInvariant)]
    private static partial Regex Latest();
}
