using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Identity;

/// <summary>A key as people see it: never its secret.</summary>
public sealed record KeyItem
{
    public required int Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The visible part, <c>opm_</c> and eight characters.</summary>
    public required string Prefix { get; init; }
    public required KeyScopes Scopes { get; init; }

    /// <summary>The only environment that it may write, or null.</summary>
    public DeploymentEnvironment? Environment { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required string CreatedBy { get; init; }

    /// <summary>From when on it is refused, or null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>How many requests a minute it may send, or null for no limit of its own.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>The id of the key that takes its place, or null.</summary>
    public int? ReplacedBy { get; init; }

    /// <summary>Up to half a minute old.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>True while it opens anything.</summary>
    public bool IsInForce(DateTimeOffset now) => RevokedAt is null && !(ExpiresAt <= now);
}
