using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Ingest;

/// <summary>A row as it came through the door: valid, not yet priced, not yet stored.</summary>
public sealed record IncomingRow
{
    /// <summary>The request; its <see cref="LlmRequest.ApiKey"/> is for the caller to set.</summary>
    public required LlmRequest Request { get; init; }

    /// <summary>False when <see cref="LlmRequest.OccurredAt"/> is the moment of receipt.</summary>
    public bool OccurredAtGiven { get; init; }

    /// <summary>False when the environment is the default, which a key that pins one may fill.</summary>
    public bool EnvironmentGiven { get; init; }

    /// <summary>True when the row asks to replace the latest revision under its id.</summary>
    public bool Supersede { get; init; }

    /// <summary>Compact JSON of the metadata's members, null ones dropped; null when none is left.</summary>
    public string? Metadata { get; init; }

    /// <summary>The provider's own id of the answer, or null.</summary>
    public string? ProviderResponseId { get; init; }

    /// <summary>What was noticed while reading.</summary>
    public RowWarnings Warnings { get; init; }
}
