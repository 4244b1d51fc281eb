using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Budgets;

/// <summary>What blocking waits for once the limit is passed.</summary>
public sealed record Confirmation
{
    /// <summary>How it is confirmed.</summary>
    public ConfirmationMode Mode { get; init; }

    /// <summary>The least burn over both windows, 0–1e9; 1.0 is the pace that uses exactly the limit.</summary>
    public decimal MinRate { get; init; }

    /// <summary>The long window in minutes, above <see cref="ShortMinutes"/>, at most 43,200.</summary>
    public required int LongMinutes { get; init; }

    /// <summary>The short window in minutes, at least 1.</summary>
    public required int ShortMinutes { get; init; }

    /// <summary>The ratio of the limit that confirms by itself, 1–1,000.</summary>
    public decimal Ceiling { get; init; } = 1.10m;

    /// <summary>The long window.</summary>
    public TimeSpan Long => TimeSpan.FromMinutes(LongMinutes);

    /// <summary>The short window.</summary>
    public TimeSpan Short => TimeSpan.FromMinutes(ShortMinutes);

    /// <summary>The defaults for a kind of window.</summary>
    public static Confirmation DefaultFor(WindowKind kind) => kind switch
    {
        WindowKind.Hour => new Confirmation { LongMinutes = 10, ShortMinutes = 2 },
        WindowKind.Day => new Confirmation { LongMinutes = 60, ShortMinutes = 5 },
        WindowKind.Week or WindowKind.Month or WindowKind.Quarter or WindowKind.Year or WindowKind.Total =>
            new Confirmation { LongMinutes = 360, ShortMinutes = 30 },
    };
}
