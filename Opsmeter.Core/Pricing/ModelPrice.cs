namespace Opsmeter.Core.Pricing;

/// <summary>The prices of a model while a constraint holds, in USD per million tokens; null where there is none.</summary>
public sealed record ModelPrice
{
    /// <summary>The first date (00:00 UTC) it holds on, or null.</summary>
    public DateOnly? StartDate { get; init; }

    /// <summary>The time of day (UTC) it holds from, inclusive, or null.</summary>
    public TimeOnly? StartTime { get; init; }

    /// <summary>The time of day (UTC) it holds until, exclusive; before the start when it wraps midnight.</summary>
    public TimeOnly? EndTime { get; init; }

    /// <summary>Input text.</summary>
    public ClassPrice? Input { get; init; }

    /// <summary>Input read from a cache.</summary>
    public ClassPrice? Cached { get; init; }

    /// <summary>Input written to a cache for five minutes.</summary>
    public ClassPrice? CacheWrite { get; init; }

    /// <summary>Input written to a cache for an hour.</summary>
    public ClassPrice? CacheWrite1h { get; init; }

    /// <summary>Audio input.</summary>
    public ClassPrice? AudioInput { get; init; }

    /// <summary>Output text.</summary>
    public ClassPrice? Output { get; init; }

    /// <summary>Reasoning.</summary>
    public ClassPrice? Reasoning { get; init; }

    /// <summary>Audio output.</summary>
    public ClassPrice? AudioOutput { get; init; }

    /// <summary>USD per thousand requests, or null.</summary>
    public decimal? RequestsPerThousand { get; init; }

    /// <summary>True when no class has a price.</summary>
    public bool IsEmpty =>
        Input is null && Cached is null && CacheWrite is null && CacheWrite1h is null && AudioInput is null
        && Output is null && Reasoning is null && AudioOutput is null && RequestsPerThousand is null;

    /// <summary>True when the constraint holds at an instant, or there is none.</summary>
    public bool HoldsAt(DateTimeOffset instant)
    {
        var utc = instant.UtcDateTime;
        if (StartDate is { } date)
        {
            return DateOnly.FromDateTime(utc) >= date;
        }

        return StartTime is not { } start || EndTime is not { } end || TimeOnly.FromDateTime(utc).IsBetween(start, end);
    }
}
