namespace Opsmeter.Core;

/// <summary>
/// A half-open span of time, <c>[Start, End)</c>, in UTC. The window of a budget that never resets runs from
/// <see cref="DateTimeOffset.MinValue"/> to <see cref="DateTimeOffset.MaxValue"/>. Two windows are equal when both ends are.
/// </summary>
/// <param name="Start">The first instant inside.</param>
/// <param name="End">The first instant after it.</param>
public readonly record struct TimeWindow(DateTimeOffset Start, DateTimeOffset End)
{
    /// <summary>The window that never resets.</summary>
    public static readonly TimeWindow Total = new(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);

    /// <summary>How long it lasts.</summary>
    public TimeSpan Length => End - Start;

    /// <summary>True for <see cref="Total"/>: it has no length worth dividing by.</summary>
    public bool IsTotal => End == DateTimeOffset.MaxValue;

    /// <summary>True when the instant is at or after <see cref="Start"/> and before <see cref="End"/>.</summary>
    public bool Contains(DateTimeOffset instant) => instant >= Start && instant < End;

    /// <summary>True when the two windows share an instant.</summary>
    public bool Overlaps(TimeWindow other) => Start < other.End && other.Start < End;
}
