namespace Opsmeter.Core.Telemetry;

/// <summary>The provider's service tier, which may change the price.</summary>
public enum ServiceTier
{
    /// <summary>The ordinary tier.</summary>
    Standard,

    /// <summary>Batch processing.</summary>
    Batch,

    /// <summary>Cheaper, with no promise of speed.</summary>
    Flex,

    /// <summary>Dearer, with a promise of speed.</summary>
    Priority,
}
