using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Hosting;

/// <summary>Finds who is told: the channels of a workspace and the people of a budget.</summary>
internal sealed class AlertReceivers
{
    private readonly Dictionary<string, ChannelRow> _channels;
    private readonly AlertAudience _audience;
    private readonly bool _hasMail;

    public AlertReceivers(OpsmeterDb db, int workspaceId, AlertAudience audience, bool hasMail)
    {
        _channels = db.Channels.Where(row => row.WorkspaceId == workspaceId).ToDictionary(row => row.Name, StringComparer.Ordinal);
        (_audience, _hasMail) = (audience, hasMail);
    }

    /// <summary>The receiver that a step names; null where the budget has no backup, or the channel is gone.</summary>
    public AlertReceiver? Find(string notify)
    {
        var name = notify == EscalationStepDocument.Owner ? _audience.Owner : notify == EscalationStepDocument.Backup ? _audience.Backup : notify;
        if (string.IsNullOrEmpty(name))
        {
            return null;
        }

        if (_channels.TryGetValue(name, out var channel))
        {
            return new AlertReceiver(channel.Id, channel.Name, channel.ParkedTicks is null ? null : "The channel was given up: " + channel.ParkedReason);
        }

        return name.Contains('@', StringComparison.Ordinal)
            ? new AlertReceiver(Alerts.DeliveryLog.Mail + Uri.EscapeDataString(name).Replace("%40", "@", StringComparison.Ordinal), name, _hasMail ? null : Alerts.MailSender.NoServer)
            : null;
    }
}

/// <summary>Who is told.</summary>
/// <param name="Target">A channel's id, or mail.</param>
/// <param name="Name">Its name, or the e-mail.</param>
/// <param name="Obstacle">Why nothing can be sent there; null where it can.</param>
internal sealed record AlertReceiver(string Target, string Name, string? Obstacle);

/// <summary>Whom something is about.</summary>
/// <param name="Owner">Who owns it.</param>
/// <param name="Backup">Who is told in their place, or null.</param>
/// <param name="Escalation">The escalation's name.</param>
/// <param name="IsPerKey">True for a budget that counts by a key.</param>
internal sealed record AlertAudience(string Owner, string? Backup, string Escalation, bool IsPerKey)
{
    /// <summary>That of a budget.</summary>
    public static AlertAudience Of(BudgetDocument budget) => new(budget.Owner, budget.Backup, budget.Escalation, budget.Per is not null);

    /// <summary>That of what is noticed without a budget: the default escalation's.</summary>
    public static AlertAudience OfSignal(string owner) => new(owner, null, EscalationDocument.DefaultName, IsPerKey: false);
}
