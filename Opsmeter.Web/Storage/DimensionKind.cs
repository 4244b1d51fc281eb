using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Storage;

/// <summary>What a dictionary entry is about. The numbers are stored: never change them.</summary>
public enum DimensionKind
{
    EndpointTag = 1,
    UserId = 2,
    TenantId = 3,
    Provider = 4,
    Model = 5,
    PromptVersion = 6,
    ApiKey = 7,

    /// <summary>The provider as it was sent.</summary>
    ProviderSent = 8,

    /// <summary>The sender's error code.</summary>
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
