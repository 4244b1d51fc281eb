namespace Opsmeter.Web.Documents;

/// <summary>Somewhere that messages are sent to, as people edit it.</summary>
public sealed record ChannelDocument
{
    public string Id { get; init; } = "";
    public required string Name { get; init; }
    public required ChannelKind Kind { get; init; }

    /// <summary>Where messages go: an http(s) address; for e-mail <c>mailto:</c> with addresses, or <c>smtp(s)://</c> with a server.</summary>
    public required string Url { get; init; }
}

/// <summary>How a channel wants its messages.</summary>
public enum ChannelKind
{
    /// <summary>JSON, signed as Standard Webhooks say.</summary>
    Webhook,

    /// <summary>An incoming webhook of Slack.</summary>
    Slack,

    /// <summary>A workflow of Microsoft Teams.</summary>
    Teams,

    /// <summary>A webhook of Discord.</summary>
    Discord,

    /// <summary>PagerDuty's Events API, version 2.</summary>
    Pagerduty,

    /// <summary>E-mail.</summary>
    Email,
}
