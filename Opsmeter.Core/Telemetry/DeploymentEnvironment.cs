namespace Opsmeter.Core.Telemetry;

/// <summary>Where the calling app runs. Budgets count <see cref="Prod"/> alone unless told otherwise.</summary>
public enum DeploymentEnvironment
{
    /// <summary>Production.</summary>
    Prod,

    /// <summary>Staging.</summary>
    Staging,

    /// <summary>Development.</summary>
    Dev,
}
