using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Budgets;

/// <summary>
/// Which of many budgets may count a request of an endpoint. Most budgets of a large policy name their endpoints: only those
/// of one endpoint are looked at for it. Immutable.
/// </summary>
/// <typeparam name="T">What there is one of for each budget.</typeparam>
internal sealed class EndpointIndex<T>
{
    private readonly Dictionary<string, T[]> _named = new(StringComparer.Ordinal);
    private readonly T[] _open;

    /// <summary>Creates the index.</summary>
    /// <param name="all">One for each budget, in the order in which they are to be found.</param>
    /// <param name="budgetOf">The budget of each.</param>
    public EndpointIndex(IReadOnlyCollection<T> all, Func<T, Budget> budgetOf)
    {
        var endpoints = all.Select(each => (Item: each, Names: EndpointsOf(budgetOf(each)))).ToArray();
        _open = [.. endpoints.Where(each => each.Names is null).Select(each => each.Item)];
        foreach (var name in endpoints.SelectMany(each => each.Names ?? []).Distinct(StringComparer.Ordinal))
        {
            _named[name] = [.. endpoints.Where(each => each.Names is null || each.Names.Contains(name)).Select(each => each.Item)];
        }
    }

    /// <summary>The budgets that may count a request of this endpoint; the others cannot.</summary>
    public T[] MayCount(string endpointTag) => _named.GetValueOrDefault(endpointTag, _open);

    // Null where a pattern, or no condition at all, leaves the endpoint open.
    private static HashSet<string>? EndpointsOf(Budget budget) => budget.Conditions
        .FirstOrDefault(condition => condition.Dimension == Dimension.EndpointTag && !condition.Values.Any(value => value.EndsWith('*')))
        ?.Values.ToHashSet(StringComparer.Ordinal);
}
