using System.Text.Json.Serialization;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>A channel and how it fares, as it is answered.</summary>
public sealed record ChannelItem
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required ChannelKind Kind { get; init; }
    public required string Url { get; init; }
    public required bool HasSecret { get; init; }

    /// <summary>The secret, in the answer that made it and nowhere else.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Secret { get; init; }

    /// <summary>Since when each attempt failed.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>When it was given up, and why; nothing is sent to it until it is tested or changed.</summary>
    public DateTimeOffset? ParkedAt { get; init; }
    public string? ParkedReason { get; init; }

    /// <summary>The document that people edit.</summary>
    [JsonIgnore]
    public ChannelDocument Document => new() { Id = Id, Name = Name, Kind = Kind, Url = Url };
}
