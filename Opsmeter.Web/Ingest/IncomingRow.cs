using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Ingest;

/// <summary>A row as it was read, before it was priced.</summary>
public sealed record IncomingRow
{
    public required LlmRequest Request { get; init; }

    /// <summary>False when the time of arrival was taken.</summary>
    public bool OccurredAtGiven { get; init; }

    /// <summary>False when the key's pinned environment may fill it.</summary>
    public bool EnvironmentGiven { get; init; }

    /// <summary>True when it replaces the latest revision of its id.</summary>
    public bool Supersede { get; init; }

    /// <summary>The sender's metadata as compact JSON, or null.</summary>
    public string? Metadata { get; init; }

    /// <summary>The provider's own id of its answer, or null.</summary>
    public string? ProviderResponseId { get; init; }

    public RowWarnings Warnings { get; init; }
}
