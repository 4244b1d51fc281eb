using Microsoft.AspNetCore.Components;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Alerts;

/// <summary>
/// Where the link of a message leads: says with one press, and without signing in, that its receiver knows. Opening it
/// does nothing, because programs that look into mail open links too.
/// </summary>
public sealed partial class AcknowledgePage(AlertLinks links, AlertPolicies alerts)
{
    private string? _messageId;
    private LinkOutcome? _outcome;
    private string _name = "";

    /// <summary>What the link says.</summary>
    [SupplyParameterFromQuery(Name = "token")]
    public string? Token { get; set; }

    private string Heading => _outcome switch
    {
        LinkOutcome.Done => "Acknowledged",
        LinkOutcome.Known => "Someone knows already",
        LinkOutcome.Older => "There is newer news",
        LinkOutcome.Unknown => "This link leads nowhere",
        null => _messageId is null ? "This link leads nowhere" : "Say that you know",
    };

    private string Explanation => _outcome switch
    {
        LinkOutcome.Done => $"Nobody else is told of {_name} in this window, unless it gets worse.",
        LinkOutcome.Known => $"{_name} was acknowledged before.",
        LinkOutcome.Older => $"{_name} got worse since this message was sent, or its link was used. Use the link of the newest message.",
        LinkOutcome.Unknown => "The budget is gone, or nothing is known of the message.",
        null => _messageId is null ? "Links are good for seven days. Open the alerts to see what there is." : "The escalation stops, and the others see that you know.",
    };

    /// <inheritdoc />
    protected override void OnParametersSet() => _messageId = links.MessageOf(Token);

    private async Task AcknowledgeAsync()
    {
        if (_messageId is { } id)
        {
            (_outcome, _name) = await alerts.AcknowledgeByLinkAsync(id);
        }
    }
}
