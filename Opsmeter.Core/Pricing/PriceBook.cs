using System.Collections.Concurrent;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Pricing;

/// <summary>
/// Finds the price of a request and its cost. Immutable but for a bounded cache of names already resolved; safe for any
/// number of threads.
/// </summary>
public sealed class PriceBook
{
    private const int MostCachedNames = 20_000;
    private const decimal CeilingPercentile = 0.95m;

    /// <summary>What people and libraries call providers, where the catalogue says otherwise.</summary>
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["xai"] = "x-ai", ["x_ai"] = "x-ai", ["grok"] = "x-ai",
        ["gemini"] = "google", ["vertex_ai"] = "google", ["vertexai"] = "google", ["google_genai"] = "google",
        ["gcp.gemini"] = "google", ["gcp.vertex_ai"] = "google", ["google_vertexai"] = "google",
        ["bedrock"] = "aws", ["aws_bedrock"] = "aws", ["aws.bedrock"] = "aws", ["amazon"] = "aws",
        ["azure_openai"] = "azure", ["azure-openai"] = "azure", ["azure.ai.openai"] = "azure", ["az.ai.openai"] = "azure",
        ["azure_ai"] = "azure", ["azureopenai"] = "azure",
        ["mistral_ai"] = "mistral", ["mistralai"] = "mistral", ["mistral-ai"] = "mistral",
        ["moonshot"] = "moonshotai", ["together_ai"] = "together", ["together-ai"] = "together", ["togetherai"] = "together",
        ["fireworks_ai"] = "fireworks", ["fireworks-ai"] = "fireworks", ["voyage"] = "voyageai", ["z.ai"] = "zai",
    };

    private static readonly Lazy<PriceBook> TheBuiltIn = new(LoadBuiltIn);

    private readonly IReadOnlyList<CataloguedProvider> _providers;
    private readonly Dictionary<string, CataloguedProvider> _byId;
    private readonly ConcurrentDictionary<(string? Provider, string Model), Resolution> _resolved = new();

    private PriceBook(string source, string version, IReadOnlyList<CataloguedProvider> providers)
    {
        (Source, Version, _providers) = (source, version, providers);
        _byId = providers.ToDictionary(provider => provider.Id, StringComparer.Ordinal);
        Models = [.. providers.SelectMany(provider => provider.Models)];
        Ceiling = new CeilingPrice(Percentile(price => price.Input), Percentile(price => price.Output));
    }

    /// <summary>The catalogue that ships with the product.</summary>
    public static PriceBook BuiltIn => TheBuiltIn.Value;

    /// <summary>Where the prices come from.</summary>
    public string Source { get; }

    /// <summary>The version of the source.</summary>
    public string Version { get; }

    /// <summary>Every model, by provider in the catalogue's order.</summary>
    public IReadOnlyList<CataloguedModel> Models { get; }

    /// <summary>
    /// The 95th percentile (nearest rank) of the catalogue's positive input and output rates, each its own: what an
    /// unpriced request is taken to cost under a hard cap.
    /// </summary>
    public CeilingPrice Ceiling { get; }

    /// <summary>Prices a request.</summary>
    public PricedRequest Price(LlmRequest request)
    {
        var resolution = Resolve(request.Provider, request.Model);
        var rates = resolution.Model?.RatesFor(request.OccurredAt, request.Usage.Input, request.ServiceTier);
        var cost = rates?.Cost(request.Usage);
        return new PricedRequest
        {
            Cost = cost ?? request.ReportedCost,
            Provider = resolution.Provider,
            ProviderInferred = resolution.ProviderInferred,
            Rates = cost is null ? null : rates,
            ReportedCostUsed = cost is null && request.ReportedCost is not null,
        };
    }

    /// <summary>Which catalogued model is meant.</summary>
    /// <param name="provider">The provider as sent, or null where the caller does not say.</param>
    /// <param name="model">The model as sent.</param>
    public Resolution Resolve(string? provider, string model)
    {
        if (_resolved.TryGetValue((provider, model), out var known))
        {
            return known;
        }

        if (_resolved.Count >= MostCachedNames)
        {
            _resolved.Clear();
        }

        return _resolved[(provider, model)] = Find(provider, model);
    }

    /// <summary>The canonical provider of a name, or of a model where no provider is named; null where neither says.</summary>
    public string? CanonicalProvider(string? provider, string? model)
    {
        if (model is not null)
        {
            return Resolve(provider, model).Provider is { Length: > 0 } found ? found : null;
        }

        return provider is null ? null : ProviderOf(provider)?.Id ?? provider.Trim().ToLowerInvariant();
    }

    /// <summary>True when the model has a price and it is nothing.</summary>
    public bool IsFree(string? provider, string model, DateTimeOffset at) =>
        Resolve(provider, model).Model?.RatesFor(at, 0, ServiceTier.Standard) is { IsFree: true };

    private static PriceBook LoadBuiltIn()
    {
        using var json = typeof(PriceBook).Assembly.GetManifestResourceStream("Opsmeter.Core.Pricing.catalogue.json")
            ?? throw new InvalidOperationException("The price catalogue is missing from the build.");
        var (source, version, providers) = CatalogueReader.Read(json);
        return new PriceBook(source, version, providers);
    }

    private Resolution Find(string? sent, string model)
    {
        var provider = sent is null ? null : ProviderOf(sent);
        if (provider is not null
            && ModelName.Forms(model).Select(form => FindUnder(provider, form)).FirstOrDefault(found => found is not null) is { } named)
        {
            return new Resolution(provider.Id, named, ProviderInferred: false);
        }

        foreach (var form in ModelName.Forms(model))
        {
            foreach (var candidate in _providers)
            {
                if (candidate != provider && candidate.Claims(form) && FindUnder(candidate, form) is { } found)
                {
                    return new Resolution(candidate.Id, found, ProviderInferred: sent is not null);
                }
            }
        }

        return new Resolution(provider?.Id ?? sent?.Trim().ToLowerInvariant() ?? "", null, ProviderInferred: false);
    }

    private CataloguedModel? FindUnder(CataloguedProvider provider, string form)
    {
        if (provider.Find(form) is { } own)
        {
            return own;
        }

        foreach (var fallback in provider.Fallbacks)
        {
            if (_byId.TryGetValue(fallback, out var other) && other.Find(form) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>
    /// By id, by alias, then by the catalogue's own clause. Aliases come first because they are exact: the clause
    /// "contains openai" would take <c>azure_openai</c> for OpenAI.
    /// </summary>
    private CataloguedProvider? ProviderOf(string sent)
    {
        var name = sent.Trim().ToLowerInvariant();
        if (_byId.TryGetValue(name, out var exact) || (Aliases.TryGetValue(name, out var alias) && _byId.TryGetValue(alias, out exact)))
        {
            return exact;
        }

        return _providers.FirstOrDefault(provider => provider.IsNamed(name));
    }

    private decimal Percentile(Func<ModelPrice, ClassPrice?> rateOf)
    {
        var rates = Models.Select(model => rateOf(model.Prices[^1])?.Base ?? 0m).Where(rate => rate > 0).Order().ToArray();
        return rates.Length == 0 ? 0m : rates[(int)Math.Ceiling(CeilingPercentile * rates.Length) - 1];
    }
}
