using System.Collections.Concurrent;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Pricing;

/// <summary>A model of the catalogue.</summary>
public sealed class CataloguedModel
{
    private readonly ConcurrentDictionary<(int Entry, int Band, bool Batch), AppliedRates> _applied = new();
    private readonly long[] _starts;
    private readonly string _source;
    private readonly string _version;

    internal CataloguedModel(
        string provider, string id, string? name, long? contextWindow, bool deprecated, IReadOnlyList<ModelPrice> prices,
        string source, string version)
    {
        (Provider, Id, Name, ContextWindow, IsDeprecated, Prices) = (provider, id, name, contextWindow, deprecated, prices);
        (_source, _version) = (source, version);
        _starts = [.. prices.SelectMany(Classes).SelectMany(price => price.Tiers).Select(tier => tier.Start).Distinct().Order()];
    }

    /// <summary>The provider's id.</summary>
    public string Provider { get; }

    /// <summary>The model's id.</summary>
    public string Id { get; }

    /// <summary>A name for people, or null.</summary>
    public string? Name { get; }

    /// <summary>The context window in tokens, or null.</summary>
    public long? ContextWindow { get; }

    /// <summary>True when its provider has retired it.</summary>
    public bool IsDeprecated { get; }

    /// <summary>Its prices; the last whose constraint holds applies, else the first.</summary>
    public IReadOnlyList<ModelPrice> Prices { get; }

    /// <summary>The rates of one request, or null where the catalogue has no price.</summary>
    /// <param name="at">When the request occurred.</param>
    /// <param name="totalInputTokens">Its total input tokens, which choose the tier.</param>
    /// <param name="serviceTier">The provider's service tier.</param>
    public AppliedRates? RatesFor(DateTimeOffset at, long totalInputTokens, ServiceTier serviceTier)
    {
        var entry = Prices.Count - 1;
        while (entry > 0 && !Prices[entry].HoldsAt(at))
        {
            entry--;
        }

        var price = Prices[entry];
        if (price.IsEmpty && !Id.EndsWith(":free", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var band = 0;
        while (band < _starts.Length && _starts[band] < totalInputTokens)
        {
            band++;
        }

        // The catalogue knows no own rates for service tiers: batch is half by every provider's custom, the rest as listed.
        var batch = serviceTier == ServiceTier.Batch;
        return _applied.TryGetValue((entry, band, batch), out var known)
            ? known
            : _applied.GetOrAdd((entry, band, batch), Apply(price, totalInputTokens, batch));
    }

    private AppliedRates Apply(ModelPrice price, long totalInputTokens, bool batch)
    {
        var free = price.IsEmpty ? 0m : (decimal?)null;
        return new AppliedRates
        {
            Source = _source,
            Version = _version,
            Provider = Provider,
            Model = Id,
            Input = price.Input?.For(totalInputTokens) ?? free,
            Cached = price.Cached?.For(totalInputTokens),
            CacheWrite = price.CacheWrite?.For(totalInputTokens),
            CacheWrite1h = price.CacheWrite1h?.For(totalInputTokens),
            AudioInput = price.AudioInput?.For(totalInputTokens),
            Output = price.Output?.For(totalInputTokens) ?? free,
            Reasoning = price.Reasoning?.For(totalInputTokens),
            AudioOutput = price.AudioOutput?.For(totalInputTokens),
            PerRequest = (price.RequestsPerThousand ?? 0) / 1_000m,
            Multiplier = batch ? 0.5m : 1m,
        };
    }

    private static IEnumerable<ClassPrice> Classes(ModelPrice price) => new[]
    {
        price.Input, price.Cached, price.CacheWrite, price.CacheWrite1h, price.AudioInput, price.Output, price.Reasoning,
        price.AudioOutput,
    }.OfType<ClassPrice>();
}
