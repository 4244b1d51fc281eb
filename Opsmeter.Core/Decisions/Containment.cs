using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Decisions;

/// <summary>What a containment does to a caller. The first beats the second, the second the third, each of them every budget.</summary>
public enum ContainmentAction
{
    /// <summary>Refuses.</summary>
    Block,

    /// <summary>Degrades, as the endpoint's tier says.</summary>
    Degrade,

    /// <summary>Lets through, whatever budgets say.</summary>
    Exempt,
}

/// <summary>A person's word about one value of a dimension, for a while.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Dimension">Which dimension: endpoint, tenant, user, API key or model.</param>
/// <param name="Value">The value, compared as conditions compare it; no pattern.</param>
/// <param name="WithinEndpoint">Only for this endpoint, or those that a pattern matches; null for all.</param>
/// <param name="Action">What it does.</param>
/// <param name="Until">When it ends, exclusive.</param>
public sealed record Containment(
    string Id, Dimension Dimension, string Value, string? WithinEndpoint, ContainmentAction Action, DateTimeOffset Until)
{
    /// <summary>The longest that one may last.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <summary>How long one lasts unless told.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromHours(1);

    /// <summary>True when it is in force and about this caller.</summary>
    public bool Holds(Dimensions request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        return now < Until
            && string.Equals(request[Dimension], Value, Condition.ComparisonFor(Dimension))
            && (WithinEndpoint is null || new Pattern(WithinEndpoint).Matches(request.EndpointTag));
    }
}
