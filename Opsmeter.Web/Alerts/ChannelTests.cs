using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Alerts;

/// <summary>Tries a channel while someone waits. One that was given up and takes the test is used again, and what it missed within a day is sent.</summary>
public sealed class ChannelTests(IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer, ChannelSender sender, TimeProvider time)
{
    private static readonly TimeSpan Missed = TimeSpan.FromHours(24);

    /// <summary>Sends a test.</summary>
    /// <returns>What came of it; null where there is no such channel.</returns>
    public async Task<DeliveryResult?> SendAsync(int workspaceId, string id, string actor, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (await db.Channels.AsNoTracking().SingleOrDefaultAsync(row => row.WorkspaceId == workspaceId && row.Id == id, cancellation) is not { } channel)
        {
            return null;
        }

        var messageId = NewId();
        var result = await sender.SendAsync(ChannelTargets.Of(channel, time.GetUtcNow()), messageId, Test(channel.Name, actor, messageId), cancellation);
        await writer.TellAsync(workspaceId, (db, now) =>
        {
            db.Audit.Add(new AuditRow
            {
                WorkspaceId = workspaceId, AtTicks = now.UtcTicks, Actor = actor, Action = "channel.test", Target = id, After = result.Error ?? "delivered",
            });
            if (result.IsTaken && db.Channels.SingleOrDefault(row => row.WorkspaceId == workspaceId && row.Id == id) is { } row)
            {
                DeliveryLog.Use(row);
                var since = (now - Missed).UtcTicks;
                foreach (var waiting in db.Outbox.Where(each => each.WorkspaceId == workspaceId && each.Target == id && each.ParkedTicks != null && each.CreatedTicks >= since))
                {
                    (waiting.ParkedTicks, waiting.NextAttemptTicks, waiting.Attempts) = (null, now.UtcTicks, 0);
                }
            }

            return true;
        });
        return result;
    }

    /// <summary>A new message's id.</summary>
    public static string NewId() => "msg_" + RandomNumberGenerator.GetString("0123456789abcdefghijklmnopqrstuvwxyz", 24);

    private AlertMessage Test(string channel, string actor, string messageId) => new()
    {
        Type = MessageType.Test,
        At = time.GetUtcNow(),
        Severity = MessageSeverity.Info,
        Title = $"Opsmeter reaches {AlertWriting.Cut(channel, 100)}",
        Facts = [new MessageFact("Test sent by", actor), new MessageFact("What to do", "nothing: this is a test")],
        DedupKey = "opsmeter~test~" + messageId,
    };
}
