using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Hosting;

/// <summary>Finds who is told: the channels of a workspace and the people of a budget.</summary>
internal sealed class AlertReceivers
{
    private const string Mail = "mailto:";

    private readonly Dictionary<string, ChannelRow> _channels;
    private readonly BudgetDocument _budget;
    private readonly bool _hasMail;

    public AlertReceivers(OpsmeterDb db, int workspaceId, BudgetDocument budget, bool hasMail)
    {
        _channels = db.Channels.Where(row => row.WorkspaceId == workspaceId).ToDictionary(row => row.Name, StringComparer.Ordinal);
        (_budget, _hasMail) = (budget, hasMail);
    }

    /// <summary>The receiver that a step names; null where the budget has no backup, or the channel is gone.</summary>
    public AlertReceiver? Find(string notify)
    {
        var name = notify == EscalationStepDocument.Owner ? _budget.Owner : notify == EscalationStepDocument.Backup ? _budget.Backup : notify;
        if (string.IsNullOrEmpty(name))
        {
            return null;
        }

        if (_channels.TryGetValue(name, out var channel))
        {
            return new AlertReceiver(channel.Id, channel.Name, channel.ParkedTicks is null ? null : "The channel was given up: " + channel.ParkedReason);
        }

        return name.Contains('@', StringComparison.Ordinal)
            ? new AlertReceiver(Mail + Uri.EscapeDataString(name).Replace("%40", "@", StringComparison.Ordinal), name, _hasMail ? null : Alerts.MailSender.NoServer)
            : null;
    }
}

/// <summary>Who is told.</summary>
/// <param name="Target">A channel's id, or mail.</param>
/// <param name="Name">Its name, or the e-mail.</param>
/// <param name="Obstacle">Why nothing can be sent there; null where it can.</param>
internal sealed record AlertReceiver(string Target, string Name, string? Obstacle);
