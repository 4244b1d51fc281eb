namespace Opsmeter.Core.Telemetry;

/// <summary>A fact about a request that budgets may match on and reports may group by.</summary>
public enum Dimension
{
    /// <summary>The feature that made the call.</summary>
    EndpointTag,

    /// <summary>The end user, as the sender names them.</summary>
    UserId,

    /// <summary>The customer, read from <c>tenantId</c> or from <c>userId</c> as the workspace's <c>tenantFrom</c> says.</summary>
    TenantId,

    /// <summary>The model's provider, in the catalogue's spelling.</summary>
    Provider,

    /// <summary>The model, as sent.</summary>
    Model,

    /// <summary>The version of the prompt.</summary>
    PromptVersion,

    /// <summary>The key that reported the request, by its visible part.</summary>
    ApiKey,
}
