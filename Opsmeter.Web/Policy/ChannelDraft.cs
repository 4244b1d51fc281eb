using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>A channel while it is being written.</summary>
public sealed class ChannelDraft
{
    public string? Name { get; set; }
    public ChannelKind? Kind { get; set; }
    public string? Url { get; set; }

    /// <summary>The new secret; null keeps the one that there is.</summary>
    public string? Secret { get; set; }

    /// <summary>A draft that says what a channel says, to be changed.</summary>
    public static ChannelDraft Of(ChannelDocument channel) => new() { Name = channel.Name, Kind = channel.Kind, Url = channel.Url };
}
