namespace Opsmeter.Core.Pricing;

/// <summary>A model in the catalogue. Immutable.</summary>
public sealed class CatalogueModel
{
    private readonly ModelPrice[] _prices;

    internal CatalogueModel(
        string provider, string id, string? name, long? contextWindow, bool isDeprecated, MatchClause match, ModelPrice[] prices)
    {
        Provider = provider;
        Id = id;
        Name = name ?? id;
        ContextWindow = contextWindow;
        IsDeprecated = isDeprecated;
        Match = match;
        _prices = prices;
    }

    /// <summary>The provider's id.</summary>
    public string Provider { get; }

    /// <summary>The model's id, as the catalogue writes it.</summary>
    public string Id { get; }

    /// <summary>The name people know it by; its id where it has none.</summary>
    public string Name { get; }

    /// <summary>How many tokens it can take in, or null when unknown.</summary>
    public long? ContextWindow { get; }

    /// <summary>True when its provider has announced its end.</summary>
    public bool IsDeprecated { get; }

    /// <summary>Its prices: the first is the default, a later one that holds wins over the earlier ones. Never empty.</summary>
    public IReadOnlyList<ModelPrice> Prices => _prices;

    internal MatchClause Match { get; }

    /// <summary>The price in force: the last one that holds, else the first.</summary>
    public ModelPrice PriceAt(DateTimeOffset at)
    {
        for (var i = _prices.Length - 1; i > 0; i--)
        {
            if (_prices[i].Constraint?.Holds(at) ?? true)
            {
                return _prices[i];
            }
        }

        return _prices[0];
    }
}
