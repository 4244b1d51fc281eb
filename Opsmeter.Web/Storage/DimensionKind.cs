using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Storage;

/// <summary>What a dictionary entry or a rollup is about. The numbers are stored: never change them.</summary>
public enum DimensionKind
{
    /// <summary>Rollups only: everything together.</summary>
    Total = 0,
    EndpointTag = 1,
    UserId = 2,
    TenantId = 3,
    Provider = 4,
    Model = 5,
    PromptVersion = 6,
    ApiKey = 7,

    /// <summary>Dictionary only: the provider as it was sent.</summary>
    ProviderSent = 8,

    /// <summary>Dictionary only: the sender's error code.</summary>
    ErrorCode = 9,
}

public static class DimensionKinds
{
    public static DimensionKind KindOf(this Dimension dimension) => dimension switch
    {
        Dimension.EndpointTag => DimensionKind.EndpointTag,
        Dimension.UserId => DimensionKind.UserId,
        Dimension.TenantId => DimensionKind.TenantId,
        Dimension.Provider => DimensionKind.Provider,
        Dimension.Model => DimensionKind.Model,
        Dimension.PromptVersion => DimensionKind.PromptVersion,
        Dimension.ApiKey => DimensionKind.ApiKey,
    };
}
