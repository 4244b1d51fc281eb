using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Alerts;

/// <summary>Records attempts, and says when the next one is: 5 s after the first, three times as long after each, at most 10 minutes, with jitter.</summary>
internal static class DeliveryLog
{
    /// <summary>What a target begins with that is a member's mail.</summary>
    public const string Mail = "mailto:";

    /// <summary>How long a channel fails before it is given up.</summary>
    public static readonly TimeSpan GivenUpAfter = TimeSpan.FromHours(1);

    private const int MostAttempts = 20;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>Records an attempt.</summary>
    public static void Record(OpsmeterDb db, long outboxId, DeliveryResult result, DateTimeOffset now, TimeSpan took)
    {
        var row = db.Outbox.Single(row => row.Id == outboxId);
        var channel = db.Channels.SingleOrDefault(channel => channel.WorkspaceId == row.WorkspaceId && channel.Id == row.Target);
        row.Attempts++;
        row.Error = result.Error;
        db.DeliveryAttempts.Add(new DeliveryAttemptRow
        {
            OutboxId = row.Id, AtTicks = now.UtcTicks, Milliseconds = (long)took.TotalMilliseconds, Status = result.Status, Error = result.Error,
        });
        if (result.IsTaken)
        {
            (row.SentTicks, row.NextAttemptTicks) = (now.UtcTicks, null);
            Use(channel);
            return;
        }

        if (channel is not null)
        {
            channel.FailingSinceTicks ??= now.UtcTicks;
        }

        var isOver = result.IsFinal || (channel is not null && now.UtcTicks - channel.FailingSinceTicks >= GivenUpAfter.Ticks);
        if (isOver && channel is not null)
        {
            Park(db, channel, result.Error!, now);
        }

        if (isOver || row.Attempts >= MostAttempts || (channel is null && now.UtcTicks - row.CreatedTicks >= GivenUpAfter.Ticks))
        {
            (row.ParkedTicks, row.NextAttemptTicks) = (now.UtcTicks, null);
        }
        else
        {
            row.NextAttemptTicks = (now + PauseAfter(row.Attempts, result.RetryAfter)).UtcTicks;
        }
    }

    /// <summary>The channel works: it is used again.</summary>
    public static void Use(ChannelRow? channel)
    {
        if (channel is not null)
        {
            (channel.FailingSinceTicks, channel.ParkedTicks, channel.ParkedReason) = (null, null, null);
        }
    }

    private static void Park(OpsmeterDb db, ChannelRow channel, string reason, DateTimeOffset now)
    {
        (channel.ParkedTicks, channel.ParkedReason) = (now.UtcTicks, reason);
        foreach (var other in db.Outbox.Where(row => row.WorkspaceId == channel.WorkspaceId && row.Target == channel.Id && row.NextAttemptTicks != null))
        {
            (other.ParkedTicks, other.NextAttemptTicks, other.Error) = (now.UtcTicks, null, other.Error ?? reason);
        }
    }

    private static TimeSpan PauseAfter(int attempts, TimeSpan? asked)
    {
        var pause = attempts > 8 ? LongestPause : FirstPause * Math.Pow(3, attempts - 1);
        pause = pause > LongestPause ? LongestPause : pause;

        // A fifth more or less, so that what failed together does not come back together.
        pause *= 0.8 + (0.4 * Random.Shared.NextDouble());
        return asked > pause ? asked.Value : pause;
    }
}
