using System.Text.RegularExpressions;

namespace Opsmeter.Core.Pricing;

/// <summary>
/// The forms in which a model's name is looked up: as sent, then with one thing after another taken off that gateways,
/// clouds and snapshots put around it. The first form that the catalogue knows wins, so that a dated snapshot with a price
/// of its own keeps it, and a host's model keeps the host's price. Deployment names are nobody's convention and are left alone.
/// </summary>
public static partial class ModelName
{
    // How a request travelled: no part of a model's id, so they go first. One can stand before another.
    private static readonly Regex[] Routes =
    [
        Gateway(),
        VertexPath(),
        GoogleResource(),
    ];

    // Part of the id where a host lists many makers' models (moonshotai/kimi-k2.5 on OpenRouter): taken off last, after
    // the name with it was tried without its suffixes, or the host's model would get its maker's price.
    private static readonly Regex[] Makers =
    [
        Maker(),
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
        while (Shorter(Routes, name) is { } routed)
        {
            name = routed;
            Add(name);
        }

        for (var prefixed = name; prefixed is not null; prefixed = Shorter(Makers, prefixed))
        {
            Add(prefixed);
            var form = prefixed;
            foreach (var suffix in Suffixes)
            {
                form = Shorter([suffix], form) ?? form;
                Add(form);
            }
        }

        return forms;

        void Add(string form)
        {
            if (!forms.Contains(form))
            {
                forms.Add(form);
            }
        }
    }

    // The name after the first rule that takes something off and leaves something; null when none does.
    private static string? Shorter(ReadOnlySpan<Regex> rules, string name)
    {
        foreach (var rule in rules)
        {
            var shorter = rule.Replace(name, "", 1);
            if (shorter.Length > 0 && shorter.Length < name.Length)
            {
                return shorter;
            }
        }

        return null;
    }

    /// <summary><c>openrouter/</c>, <c>azure/</c>, <c>vertex_ai/</c>, <c>bedrock/</c>: the gateway's name before a slash.</summary>
    [GeneratedRegex("^(?:openrouter|azure|azure_ai|azure_openai|vertex_ai|bedrock|bedrock/converse|litellm)/", RegexOptions.CultureInvariant)]
    private static partial Regex Gateway();

    /// <summary><c>openai/</c>, <c>moonshotai/</c>: the maker's or another vendor's name before a slash.</summary>
    [GeneratedRegex("^(?:openai|anthropic|google|gemini|xai|x-ai|mistral|mistralai|cohere|deepseek|groq|together_ai|fireworks_ai|perplexity|cerebras|moonshotai)/", RegexOptions.CultureInvariant)]
    private static partial Regex Maker();

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
