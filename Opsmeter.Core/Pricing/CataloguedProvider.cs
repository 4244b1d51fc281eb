namespace Opsmeter.Core.Pricing;

/// <summary>A provider of the catalogue, with how its models are found.</summary>
internal sealed class CataloguedProvider(
    string id, MatchClause? providerMatch, MatchClause? modelMatch, string[] fallbacks,
    IReadOnlyList<(CataloguedModel Model, MatchClause Match)> models)
{
    private readonly Dictionary<string, CataloguedModel> _exact = ExactNames(models);

    public string Id => id;

    public string[] Fallbacks => fallbacks;

    public IEnumerable<CataloguedModel> Models => models.Select(entry => entry.Model);

    public bool IsNamed(string lowerProvider) => providerMatch?.Matches(lowerProvider) ?? false;

    public bool Claims(string lowerModel) => modelMatch?.Matches(lowerModel) ?? false;

    /// <summary>By id or an <c>equals</c> clause, then by the models' clauses in file order.</summary>
    public CataloguedModel? Find(string lowerModel)
    {
        if (_exact.TryGetValue(lowerModel, out var exact))
        {
            return exact;
        }

        foreach (var (model, match) in models)
        {
            if (match.Matches(lowerModel))
            {
                return model;
            }
        }

        return null;
    }

    private static Dictionary<string, CataloguedModel> ExactNames(
        IReadOnlyList<(CataloguedModel Model, MatchClause Match)> models)
    {
        var names = new Dictionary<string, CataloguedModel>(StringComparer.Ordinal);
        foreach (var (model, _) in models)
        {
            names.TryAdd(model.Id.ToLowerInvariant(), model);
        }

        foreach (var (model, match) in models)
        {
            foreach (var text in match.ExactTexts)
            {
                names.TryAdd(text, model);
            }
        }

        return names;
    }
}
