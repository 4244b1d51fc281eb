using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Says which requests a view lists: the same for the page, its export and the API.</summary>
public static class RequestFilters
{
    /// <summary>Only calls that failed.</summary>
    public const string Errors = "errors";

    /// <summary>Only requests without a price.</summary>
    public const string Unpriced = "unpriced";

    /// <summary>Only ids under which more than one request counts.</summary>
    public const string Conflicts = "conflicts";

    /// <summary>The requests of a view.</summary>
    /// <param name="period">The view.</param>
    /// <param name="only">One of the kinds above; anything else is every request.</param>
    /// <param name="idPrefix">What their ids begin with, or null.</param>
    public static RequestFilter Of(SpendPeriod period, string? only = null, string? idPrefix = null)
    {
        ArgumentNullException.ThrowIfNull(period);
        return new RequestFilter
        {
            Environment = period.View.Environment,
            DataMode = period.View.DataMode,
            Range = period.Range.Window,
            Only = WhereTheTenantIs(period.View.Only, period.Settings.TenantFrom),
            IdPrefix = string.IsNullOrWhiteSpace(idPrefix) ? null : idPrefix.Trim(),
            OnlyErrors = only == Errors,
            OnlyUnpriced = only == Unpriced,
            OnlyConflicts = only == Conflicts,
        };
    }

    /// <summary>True where a kind is one of those above.</summary>
    public static bool IsKind(string? only) => only is Errors or Unpriced or Conflicts;

    /// <summary>Where senders put the tenant in userId, that is where a tenant is looked for.</summary>
    internal static IReadOnlyDictionary<Dimension, IReadOnlyList<string>> WhereTheTenantIs(
        IReadOnlyDictionary<Dimension, IReadOnlyList<string>> only, TenantSource source)
    {
        if (source != TenantSource.UserId || !only.TryGetValue(Dimension.TenantId, out var tenants))
        {
            return only;
        }

        var moved = only.Where(entry => entry.Key != Dimension.TenantId).ToDictionary();
        moved[Dimension.UserId] = moved.TryGetValue(Dimension.UserId, out var users)
            ? [.. tenants.Intersect(users, StringComparer.Ordinal)]
            : tenants;
        return moved;
    }
}
