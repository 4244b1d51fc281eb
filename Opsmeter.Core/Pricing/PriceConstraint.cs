namespace Opsmeter.Core.Pricing;

/// <summary>When a price is in force, in UTC. What is null does not constrain.</summary>
/// <param name="From">In force from 00:00 UTC of this day; inclusive.</param>
/// <param name="DailyFrom">In force from this time of day; inclusive.</param>
/// <param name="DailyUntil">In force until this time of day; exclusive. Before <paramref name="DailyFrom"/>, it is the next day's; equal to it, the price is never in force.</param>
public sealed record PriceConstraint(DateOnly? From, TimeOnly? DailyFrom, TimeOnly? DailyUntil)
{
    /// <summary>True when the price is in force at that instant.</summary>
    public bool Holds(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        if (From is { } day && DateOnly.FromDateTime(utc) < day)
        {
            return false;
        }

        // TimeOnly.IsBetween is [start, end) and wraps midnight.
        return DailyFrom is not { } start || DailyUntil is not { } end || TimeOnly.FromDateTime(utc).IsBetween(start, end);
    }
}
