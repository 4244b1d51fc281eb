using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Storage.Facts;

/// <summary>A condition of a budget on values by their ids; each id is looked up once. Not thread-safe.</summary>
/// <param name="condition">The condition.</param>
/// <param name="tenants">Where the tenant is read.</param>
/// <param name="textOf">The text of an id.</param>
internal sealed class ConditionIds(Condition condition, TenantSource tenants, Func<int, string> textOf)
{
    private readonly Dictionary<int, bool> _known = [];

    /// <summary>The column that it looks at.</summary>
    public FactColumn Column { get; } = condition.Dimension switch
    {
        Dimension.EndpointTag => FactColumn.Endpoint,
        Dimension.UserId => FactColumn.User,
        Dimension.TenantId => tenants == TenantSource.UserId ? FactColumn.User : FactColumn.Tenant,
        Dimension.Provider => FactColumn.Provider,
        Dimension.Model => FactColumn.Model,
        Dimension.PromptVersion => FactColumn.Version,
        Dimension.ApiKey => FactColumn.Key,
    };

    /// <summary>Whether it matches a value; 0, which is none, never.</summary>
    public bool Matches(int id)
    {
        if (!_known.TryGetValue(id, out var matches))
        {
            _known[id] = matches = id != 0 && condition.Matches(textOf(id));
        }

        return matches;
    }
}
