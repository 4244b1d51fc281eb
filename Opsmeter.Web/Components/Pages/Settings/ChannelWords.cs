using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Components.Pages.Settings;

/// <summary>Says what channels are.</summary>
internal static class ChannelWords
{
    /// <summary>The kinds, for a choice.</summary>
    public static IReadOnlyList<Choice<ChannelKind>> Kinds { get; } = [.. Enum.GetValues<ChannelKind>().Select(kind => new Choice<ChannelKind>(kind, Name(kind)))];

    /// <summary>A kind's name.</summary>
    public static string Name(ChannelKind kind) => kind switch
    {
        ChannelKind.Webhook => "Webhook",
        ChannelKind.Slack => "Slack",
        ChannelKind.Teams => "Microsoft Teams",
        ChannelKind.Discord => "Discord",
        ChannelKind.Pagerduty => "PagerDuty",
        ChannelKind.Email => "E-mail",
    };

    /// <summary>What to write as the address.</summary>
    public static string AddressHint(ChannelKind kind) => kind switch
    {
        ChannelKind.Webhook => "Where JSON is posted, signed as Standard Webhooks say.",
        ChannelKind.Slack => "The address of an incoming webhook of your Slack app.",
        ChannelKind.Teams => "The address of a workflow \"Post to a channel when a webhook request is received\".",
        ChannelKind.Discord => "The address of a webhook of the channel.",
        ChannelKind.Pagerduty => "Leave it empty for PagerDuty's own, or write that of your region.",
        ChannelKind.Email => "mailto:lead@example.com, or smtps://user@mail.example.com/?from=opsmeter@example.com&to=lead@example.com with the password as the secret.",
    };

    /// <summary>An example of an address.</summary>
    public static string AddressExample(ChannelKind kind) => kind switch
    {
        ChannelKind.Webhook => "https://example.com/hooks/opsmeter",
        ChannelKind.Slack => "https://hooks.slack.com/services/…",
        ChannelKind.Teams => "https://….logic.azure.com/…",
        ChannelKind.Discord => "https://discord.com/api/webhooks/…",
        ChannelKind.Pagerduty => "https://events.pagerduty.com/v2/enqueue",
        ChannelKind.Email => "mailto:lead@example.com",
    };

    /// <summary>What the secret is; null where there is none.</summary>
    public static string? SecretLabel(ChannelKind kind) => kind switch
    {
        ChannelKind.Webhook => "Signing secret",
        ChannelKind.Pagerduty => "Integration key",
        ChannelKind.Email => "Password of the mail server",
        ChannelKind.Slack or ChannelKind.Teams or ChannelKind.Discord => null,
    };

    /// <summary>Where a channel leads, without what nobody should read over a shoulder.</summary>
    public static string Place(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" or "smtp" or "smtps"
        ? $"{address.Scheme}://{address.Host}/…"
        : url;
}
