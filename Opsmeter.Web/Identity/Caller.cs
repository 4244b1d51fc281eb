using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Identity;

/// <summary>Who calls: a key, its workspace and what it may do.</summary>
public sealed record Caller
{
    public required int WorkspaceId { get; init; }

    public required int KeyId { get; init; }

    /// <summary>The key's name, for people.</summary>
    public required string KeyName { get; init; }

    /// <summary>The visible part, <c>opm_</c> and eight characters.</summary>
    public required string KeyPrefix { get; init; }

    public required KeyScopes Scopes { get; init; }

    /// <summary>The only environment that the key may write, or null.</summary>
    public DeploymentEnvironment? PinnedEnvironment { get; init; }

    /// <summary>How many requests a minute the key may send, or null.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>How the audit log names it.</summary>
    public string Actor => $"key {KeyPrefix}";
}
