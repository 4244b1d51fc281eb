namespace Opsmeter.Core.Telemetry;

/// <summary>
/// The facts about a request that decide what it counts toward: its dimensions in canonical form, its environment and its
/// data mode. An absent dimension is null and matches no condition.
/// </summary>
public sealed record Dimensions
{
    /// <summary>The feature that makes the call.</summary>
    public required string EndpointTag { get; init; }

    /// <summary>The end user, or null.</summary>
    public string? UserId { get; init; }

    /// <summary>The customer, after the workspace's <c>tenantFrom</c>, or null.</summary>
    public string? TenantId { get; init; }

    /// <summary>The canonical provider, or null.</summary>
    public string? Provider { get; init; }

    /// <summary>The model, as sent, or null.</summary>
    public string? Model { get; init; }

    /// <summary>The prompt's version, or null.</summary>
    public string? PromptVersion { get; init; }

    /// <summary>The visible part of the caller's key, or null.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Where the calling app runs; production by default.</summary>
    public DeploymentEnvironment Environment { get; init; }

    /// <summary>Whether the traffic is real; real by default.</summary>
    public DataMode DataMode { get; init; }

    /// <summary>The value of one dimension, or null where it is absent.</summary>
    public string? this[Dimension dimension] => dimension switch
    {
        Dimension.EndpointTag => EndpointTag,
        Dimension.UserId => UserId,
        Dimension.TenantId => TenantId,
        Dimension.Provider => Provider,
        Dimension.Model => Model,
        Dimension.PromptVersion => PromptVersion,
        Dimension.ApiKey => ApiKey,
    };

    /// <summary>The facts of a reported request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="provider">Its canonical provider.</param>
    /// <param name="tenantFrom">Where the workspace reads the tenant.</param>
    public static Dimensions Of(LlmRequest request, string provider, TenantSource tenantFrom) => new()
    {
        EndpointTag = request.EndpointTag,
        UserId = request.UserId,
        TenantId = tenantFrom == TenantSource.UserId ? request.UserId : request.TenantId,
        Provider = provider,
        Model = request.Model,
        PromptVersion = request.PromptVersion,
        ApiKey = request.ApiKey,
        Environment = request.Environment,
        DataMode = request.DataMode,
    };
}
