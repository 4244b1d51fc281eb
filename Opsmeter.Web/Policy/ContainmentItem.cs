using Opsmeter.Core.Decisions;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Policy;

/// <summary>A containment as it is answered.</summary>
public sealed record ContainmentItem
{
    public required string Id { get; init; }
    public required Dimension Dimension { get; init; }
    public required string Value { get; init; }
    public string? WithinEndpoint { get; init; }
    public required ContainmentAction Action { get; init; }

    /// <summary>When it ends by itself, exclusive.</summary>
    public required DateTimeOffset Until { get; init; }
    public required string Reason { get; init; }

    /// <summary>Who set it.</summary>
    public required string By { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a person ended it before its time, or null.</summary>
    public DateTimeOffset? EndedAt { get; init; }
    public string? EndedBy { get; init; }
}

/// <summary>A containment as it is sent; nothing of it is checked.</summary>
public sealed class ContainmentDraft
{
    public Dimension? Dimension { get; set; }
    public string? Value { get; set; }
    public string? WithinEndpoint { get; set; }
    public ContainmentAction? Action { get; set; }
    public DateTimeOffset? Until { get; set; }
    public string? Reason { get; set; }
}
