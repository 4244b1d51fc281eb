namespace Opsmeter.Core.Alerts;

/// <summary>When people are told of what was raised. Pure: it delays and merges, and drops nothing.</summary>
public static class AlertPacing
{
    /// <summary>The least time between two messages of one budget.</summary>
    public static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(300);

    /// <summary>How long a budget that counts by a key waits for more keys before its first message of a window.</summary>
    public static readonly TimeSpan FirstOfKeys = TimeSpan.FromMinutes(5);

    /// <summary>How long it waits between further messages of that window.</summary>
    public static readonly TimeSpan NextOfKeys = TimeSpan.FromHours(1);

    /// <summary>The most messages of a budget that counts by a key in 24 hours; what is raised beyond waits until one is a day old.</summary>
    public const int MostOfKeysADay = 3;

    private const int Growth = 4;

    /// <summary>True where someone has to say that they know.</summary>
    public static bool NeedsAcknowledgement(AlertKind kind) => kind is AlertKind.Exceeded or AlertKind.Blocked;

    /// <summary>When a message of a budget that counts together is due.</summary>
    /// <param name="now">When it was raised.</param>
    /// <param name="kind">The gravest of what it tells.</param>
    /// <param name="last">When a message of the budget was due last, and the gravest that it told; null where there was none.</param>
    public static DateTimeOffset DueTogether(DateTimeOffset now, AlertKind kind, (DateTimeOffset At, AlertKind Kind)? last) =>
        last is not { } before || (NeedsAcknowledgement(kind) && !NeedsAcknowledgement(before.Kind)) ? now : Later(now, before.At + Cooldown);

    /// <summary>When a message of a budget that counts by a key is due.</summary>
    /// <param name="now">When it was raised.</param>
    /// <param name="lastInWindow">When a message of the same window was due last; null where there was none.</param>
    public static DateTimeOffset DueOfKeys(DateTimeOffset now, DateTimeOffset? lastInWindow) =>
        lastInWindow is { } before ? Later(now + FirstOfKeys, before + NextOfKeys) : now + FirstOfKeys;

    /// <summary>True where so much more was raised of keys since they were told of that it is told again: four times as much.</summary>
    /// <param name="told">How many keys were told, and by how much they were past their limits together, as a multiple of one limit.</param>
    /// <param name="now">The same, now.</param>
    public static bool HasGrown((int Keys, double Excess) told, (int Keys, double Excess) now) =>
        now.Keys >= Growth * told.Keys || now.Excess >= Growth * Math.Max(1, told.Excess);

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
