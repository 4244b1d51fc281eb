using System.Collections.Concurrent;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Pricing;

/// <summary>
/// The prices in force: finds the price of a model and prices requests. Immutable and thread-safe; what it remembers of
/// names it has seen is bounded.
/// </summary>
public sealed class PriceBook
{
    // A workspace uses tens of models; the bound is for a sender that makes names up.
    private const int RememberedNames = 16_384;

    private static readonly Lazy<PriceBook> LazyBuiltIn = new(() => new PriceBook(Catalogue.ReadBuiltIn()));

    private readonly ConcurrentDictionary<(string? Provider, string? Model), Finding> _findings = new();
    private readonly Dictionary<string, CatalogueProvider> _providers;
    private readonly Catalogue _catalogue;
    private readonly Lazy<CeilingPrice> _ceiling;
    private int _remembered;

    internal PriceBook(Catalogue catalogue)
    {
        _catalogue = catalogue;
        _providers = catalogue.Providers.ToDictionary(provider => provider.Id, StringComparer.Ordinal);
        Models = [.. catalogue.Providers.SelectMany(provider => provider.Models)];
        _ceiling = new Lazy<CeilingPrice>(() => CeilingAt(new DateTimeOffset(Published, TimeOnly.MinValue, TimeSpan.Zero)));
    }

    /// <summary>The catalogue that the product was built with.</summary>
    public static PriceBook BuiltIn => LazyBuiltIn.Value;

    /// <summary>Where its prices come from: <c>genai-prices</c>.</summary>
    public string Source => _catalogue.Source;

    /// <summary>The version of that source.</summary>
    public string Version => _catalogue.Version;

    /// <summary>The day that version was published, UTC: what its age is counted from.</summary>
    public DateOnly Published => _catalogue.Published;

    /// <summary>All models, by provider, in the catalogue's order.</summary>
    public IReadOnlyList<CatalogueModel> Models { get; }

    /// <summary>What an unpriced request counts as under a hard cap: <see cref="CeilingAt"/> on the day of publication, so that it does not drift under a running budget.</summary>
    public CeilingPrice Ceiling => _ceiling.Value;

    /// <summary>
    /// The 95th percentile of the base rates of text input, and that of text output, each over the models that have a
    /// positive one at that instant; nearest rank, so both are rates that some model has.
    /// </summary>
    public CeilingPrice CeilingAt(DateTimeOffset at)
    {
        var prices = Models.Select(model => model.PriceAt(at)).ToList();
        return new CeilingPrice(Percentile(TokenClass.Input), Percentile(TokenClass.Output));

        decimal Percentile(TokenClass tokens)
        {
            var rates = prices
                .Select(price => price.Rates.TryGetValue(tokens, out var rate) ? rate.BasePerMillion : 0)
                .Where(rate => rate > 0).Order().ToList();
            return rates.Count == 0 ? 0 : rates[((rates.Count * 95) + 99) / 100 - 1];
        }
    }

    /// <summary>Prices a request by the price valid when it happened.</summary>
    /// <param name="request">The request. Subsets above their total raise the total.</param>
    /// <exception cref="OverflowException">The cost does not fit <see cref="Usd"/>; not below 3e9 tokens a class.</exception>
    public PricedRequest Price(LlmRequest request)
    {
        var finding = Find(request.Provider, request.Model);
        var usage = request.Usage.Inclusive(out _);
        var rates = finding.Model?.PriceAt(request.OccurredAt).For(usage.Input, request.ServiceTier);
        var provider = finding.Provider ?? ProviderName.Canonical(request.Provider);
        return rates?.CostOf(usage) is { } cost
            ? new PricedRequest(cost, provider, finding.ProviderInferred, rates, ReportedCostUsed: false)
            : new PricedRequest(request.ReportedCost, provider, finding.ProviderInferred, null, request.ReportedCost is not null);
    }

    /// <summary>The price that a model has at an instant.</summary>
    /// <param name="provider">The provider, as sent; null to take it from the model.</param>
    /// <param name="model">The model, as sent.</param>
    /// <param name="at">The instant; decides between dated prices and times of day.</param>
    /// <returns>The price, or null where none is known.</returns>
    public Resolution? Resolve(string? provider, string model, DateTimeOffset at)
    {
        var finding = Find(provider, model);
        return finding.Model?.PriceAt(at) is { IsPriced: true } price
            ? new Resolution(finding.Provider ?? finding.Model.Provider, finding.ProviderInferred, finding.Model, price)
            : null;
    }

    /// <summary>True when the model is priced, and every rate and fee of its price is 0.</summary>
    public bool IsFree(string? provider, string model, DateTimeOffset at) =>
        Find(provider, model).Model?.PriceAt(at).IsFree ?? false;

    /// <summary>The provider that conditions and reports use, the same that <see cref="Price"/> gives a request.</summary>
    /// <param name="provider">The provider, as sent, or null.</param>
    /// <param name="model">The model, as sent, or null.</param>
    /// <returns>The catalogue's id; what was sent, in lower case, where it has none; null where neither says anything.</returns>
    public string? CanonicalProvider(string? provider, string? model) => Find(provider, model).Provider;

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private Finding Find(string? provider, string? model)
    {
        if (_findings.TryGetValue((provider, model), out var known))
        {
            return known;
        }

        var finding = Search(Given(provider), Given(model));
        if (Interlocked.Increment(ref _remembered) > RememberedNames)
        {
            _findings.Clear();
            Volatile.Write(ref _remembered, 1);
        }

        _findings[(provider, model)] = finding;
        return finding;
    }

    private Finding Search(string? provider, string? modelName)
    {
        var name = provider is null ? null : ProviderName.Canonical(provider);
        var sent = name is null ? null : ProviderOf(name);
        if (modelName is null)
        {
            return new Finding(sent?.Id ?? name, false, null);
        }

        var forms = ModelName.Forms(modelName);
        if (sent is not null && ModelOf(sent, forms) is { } found)
        {
            return new Finding(sent.Id, false, found);
        }

        var inferred = forms.Select(ProviderOfModel).FirstOrDefault(match => match is not null);
        if (inferred is null || inferred == sent)
        {
            return new Finding(sent?.Id ?? name, false, null);
        }

        // Even where no price is found, a name may show that the provider is wrong.
        var model = ModelOf(inferred, forms);
        return model is not null || sent is null || Contradicts(sent, inferred)
            ? new Finding(inferred.Id, true, model)
            : new Finding(sent.Id, false, null);
    }

    // Azure, Groq or OpenRouter host models of others: an unknown name of another's style is no contradiction there.
    private static bool Contradicts(CatalogueProvider sent, CatalogueProvider inferred) =>
        sent.NamesItsModels && !sent.Fallback.Contains(inferred.Id);

    private CatalogueProvider? ProviderOf(string name) =>
        _providers.TryGetValue(name, out var known) ? known : _catalogue.Providers.FirstOrDefault(provider => provider.Match?.Matches(name) ?? false);

    private CatalogueProvider? ProviderOfModel(string form) =>
        _catalogue.Providers.FirstOrDefault(provider => provider.ModelMatch?.Matches(form) ?? false);

    private CatalogueModel? ModelOf(CatalogueProvider provider, IReadOnlyList<string> forms)
    {
        foreach (var form in forms)
        {
            var found = provider.Find(form)
                ?? provider.Fallback.Select(id => _providers[id].Find(form)).FirstOrDefault(model => model is not null);
            if (found is not null)
            {
                return found;
            }
        }

        return null;
    }

    private sealed record Finding(string? Provider, bool ProviderInferred, CatalogueModel? Model);
}
