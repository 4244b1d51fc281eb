using System.Text.RegularExpressions;

namespace Opsmeter.Core.Pricing;

/// <summary>
/// The forms in which a model's name is looked up: as sent, then with one thing after another taken off that gateways,
/// clouds and snapshots put around it. The longest form that the catalogue knows wins, so that a dated snapshot with a
/// price of its own keeps it. Deployment names are nobody's convention and are left alone.
/// </summary>
public static partial class ModelName
{
    // A prefix can stand before another one: openrouter/anthropic/…, bedrock/eu.anthropic.…
    private static readonly Regex[] Prefixes =
    [
        Gateway(),
        VertexPath(),
        GoogleResource(),
        Region(),
        BedrockVendor(),
    ];

    // In the order in which they stand at the end of a name, outermost first.
    private static readonly Regex[] Suffixes =
    [
        BedrockVersion(),
        VertexVersion(),
        Latest(),
        DashedDate(),
        CompactDate(),
        MonthAndDay(),
    ];

    /// <summary>The name in lower case, then each shorter form of it; never empty, no form twice.</summary>
    /// <param name="model">The name, as sent.</param>
    public static IReadOnlyList<string> Forms(string model)
    {
        var name = model.Trim().ToLowerInvariant();
        var forms = new List<string> { name };
        while (Prefixes.Any(Shorten))
        {
        }

        foreach (var suffix in Suffixes)
        {
            Shorten(suffix);
        }

        return forms;

        bool Shorten(Regex rule)
        {
            var shorter = rule.Replace(name, "", 1);
            if (shorter.Length == name.Length || shorter.Length == 0)
            {
                return false;
            }

            name = shorter;
            forms.Add(name);
            return true;
        }
    }

    /// <summary><c>openrouter/</c>, <c>azure/</c>, <c>vertex_ai/</c>, <c>bedrock/</c>: the gateway's or vendor's name before a slash.</summary>
    [GeneratedRegex("^(?:openrouter|azure|azure_ai|azure_openai|vertex_ai|bedrock|bedrock/converse|openai|anthropic|google|gemini|xai|x-ai|mistral|mistralai|cohere|deepseek|groq|together_ai|fireworks_ai|perplexity|cerebras|moonshotai|litellm)/", RegexOptions.CultureInvariant)]
    private static partial Regex Gateway();

    /// <summary><c>publishers/google/models/</c>: a path on Vertex AI, with or without its project.</summary>
    [GeneratedRegex("^(?:projects/[^/]+/locations/[^/]+/)?publishers/[^/]+/models/", RegexOptions.CultureInvariant)]
    private static partial Regex VertexPath();

    /// <summary><c>models/</c>: a resource of the Gemini API.</summary>
    [GeneratedRegex("^models/", RegexOptions.CultureInvariant)]
    private static partial Regex GoogleResource();

    /// <summary><c>us.</c>, <c>eu.</c>: an inference profile's region on Bedrock.</summary>
    [GeneratedRegex(@"^(?:us|us-gov|eu|apac|au|jp|ca|global)\.", RegexOptions.CultureInvariant)]
    private static partial Regex Region();

    /// <summary><c>anthropic.</c>: the vendor in a Bedrock model id.</summary>
    [GeneratedRegex(@"^(?:anthropic|amazon|meta|mistral|cohere|ai21|deepseek|openai|google)\.", RegexOptions.CultureInvariant)]
    private static partial Regex BedrockVendor();

    /// <summary><c>-v1:0</c>: a version on Bedrock.</summary>
    [GeneratedRegex("-v[0-9]+:[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex BedrockVersion();

    /// <summary><c>@001</c>: a version on Vertex AI.</summary>
    [GeneratedRegex("@(?:[0-9]{1,8}|default|latest)$", RegexOptions.CultureInvariant)]
    private static partial Regex VertexVersion();

    /// <summary><c>-latest</c>: whatever is newest.</summary>
    [GeneratedRegex("-latest$", RegexOptions.CultureInvariant)]
    private static partial Regex Latest();

    /// <summary><c>-2026-03-15</c>: a snapshot's day.</summary>
    [GeneratedRegex("-20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$", RegexOptions.CultureInvariant)]
    private static partial Regex DashedDate();

    /// <summary><c>-20260315</c>: a snapshot's day, written together.</summary>
    [GeneratedRegex("-20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$", RegexOptions.CultureInvariant)]
    private static partial Regex CompactDate();

    /// <summary><c>-0315</c>: a snapshot's month and day; <c>-2503</c>, a year and month, is part of the name.</summary>
    [GeneratedRegex("-(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])$", RegexOptions.CultureInvariant)]
    private static partial Regex MonthAndDay();
}
