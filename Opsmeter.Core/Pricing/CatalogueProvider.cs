namespace Opsmeter.Core.Pricing;

/// <summary>A provider in the catalogue, with its models in file order.</summary>
internal sealed class CatalogueProvider
{
    private readonly Dictionary<string, CatalogueModel> _exact = new(StringComparer.OrdinalIgnoreCase);

    public CatalogueProvider(
        string id, string name, MatchClause? match, MatchClause? modelMatch, IReadOnlyList<string> fallback,
        IReadOnlyList<CatalogueModel> models)
    {
        Id = id;
        Name = name;
        Match = match;
        ModelMatch = modelMatch;
        Fallback = fallback;
        Models = models;
        NamesItsModels = modelMatch is not null && models.Any(model => modelMatch.Matches(model.Id));
        foreach (var model in models)
        {
            _exact.TryAdd(model.Id, model);
        }

        foreach (var model in models)
        {
            foreach (var exact in model.Match.ExactNames)
            {
                _exact.TryAdd(exact, model);
            }
        }
    }

    public string Id { get; }

    public string Name { get; }

    public MatchClause? Match { get; }

    public MatchClause? ModelMatch { get; }

    /// <summary>True where the style of a model's name tells its provider: a maker's, not a host's of others' models.</summary>
    public bool NamesItsModels { get; }

    public IReadOnlyList<string> Fallback { get; }

    public IReadOnlyList<CatalogueModel> Models { get; }

    /// <summary>Its model of exactly that name, else the first in file order whose clauses match.</summary>
    public CatalogueModel? Find(string name) =>
        _exact.TryGetValue(name, out var exact) ? exact : Models.FirstOrDefault(model => model.Match.Matches(name));
}
