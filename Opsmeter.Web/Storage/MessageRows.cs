namespace Opsmeter.Web.Storage;

/// <summary>Somewhere that messages are sent to.</summary>
public sealed class ChannelRow
{
    public required string Id { get; set; }
    public int WorkspaceId { get; set; }
    public required string Name { get; set; }
    public required string Document { get; set; }
    public string? Secret { get; set; }

    /// <summary>The secret before, with which messages are signed too until a time.</summary>
    public string? FormerSecret { get; set; }
    public long? FormerSecretUntilTicks { get; set; }
    public int Version { get; set; }
    public long CreatedTicks { get; set; }
    public long UpdatedTicks { get; set; }

    /// <summary>Since when each attempt failed; null where the last one did not.</summary>
    public long? FailingSinceTicks { get; set; }

    /// <summary>When it was given up, and why; null while it is used.</summary>
    public long? ParkedTicks { get; set; }
    public string? ParkedReason { get; set; }
}

/// <summary>Who is told when.</summary>
public sealed class EscalationRow
{
    public required string Id { get; set; }
    public int WorkspaceId { get; set; }
    public required string Name { get; set; }
    public required string Document { get; set; }
    public int Version { get; set; }
    public long CreatedTicks { get; set; }
    public long UpdatedTicks { get; set; }
}

/// <summary>Something that is to be told at a time, written with what caused it.</summary>
public sealed class NoticeRow
{
    public long Id { get; set; }
    public int WorkspaceId { get; set; }
    public required string BudgetId { get; set; }
    public long WindowStartTicks { get; set; }

    /// <summary>A <see cref="NoticeKind"/>.</summary>
    public int Kind { get; set; }

    /// <summary>The gravest kind of alert that it tells.</summary>
    public int AlertKind { get; set; }

    /// <summary>Who is told; empty where the escalation says.</summary>
    public string Notify { get; set; } = "";
    public long CreatedTicks { get; set; }
    public long DueTicks { get; set; }

    /// <summary>When it was told or found to be no news any more; null while it waits.</summary>
    public long? DoneTicks { get; set; }

    /// <summary>How many messages were made of it; null while it waits.</summary>
    public int? Messages { get; set; }

    /// <summary>How many keys it told of, and by how many limits they were past theirs together.</summary>
    public int Keys { get; set; }
    public double Excess { get; set; }
}

/// <summary>What a notice is. Stored by value.</summary>
public enum NoticeKind
{
    /// <summary>Something was raised.</summary>
    News = 0,

    /// <summary>A later step of an escalation.</summary>
    Step = 1,

    /// <summary>The time after the last step is over.</summary>
    LastStepOver = 2,

    /// <summary>Someone said that they know.</summary>
    Acknowledged = 3,

    /// <summary>The window is over.</summary>
    Closed = 4,
}

/// <summary>A message to one receiver, kept until it was taken.</summary>
public sealed class OutboxRow
{
    public long Id { get; set; }
    public int WorkspaceId { get; set; }

    /// <summary>The id that its receiver tells it by, the same at each attempt.</summary>
    public required string MessageId { get; set; }
    public long? NoticeId { get; set; }
    public required string BudgetId { get; set; }
    public long WindowStartTicks { get; set; }

    /// <summary>A channel's id, or a member's e-mail after <c>mailto:</c>.</summary>
    public required string Target { get; set; }
    public required string TargetName { get; set; }
    public required string Payload { get; set; }
    public long CreatedTicks { get; set; }
    public int Attempts { get; set; }

    /// <summary>When it is tried next; null once it was taken or given up.</summary>
    public long? NextAttemptTicks { get; set; }
    public long? SentTicks { get; set; }
    public long? ParkedTicks { get; set; }
    public string? Error { get; set; }

    /// <summary>When its link was used to say that someone knows.</summary>
    public long? LinkUsedTicks { get; set; }
}

/// <summary>One attempt to deliver a message.</summary>
public sealed class DeliveryAttemptRow
{
    public long Id { get; set; }
    public long OutboxId { get; set; }
    public long AtTicks { get; set; }
    public long Milliseconds { get; set; }
    public int? Status { get; set; }
    public string? Error { get; set; }
}

/// <summary>What was said in a week's review.</summary>
public sealed class ReviewRow
{
    public int WorkspaceId { get; set; }
    public long WeekStartTicks { get; set; }
    public required string Decisions { get; set; }
    public string? ReviewedBy { get; set; }
    public long? ReviewedTicks { get; set; }
}
