namespace Opsmeter.Core.Analysis;

/// <summary>What past traffic says of the cap that a budget needs.</summary>
/// <param name="Why">What it goes by.</param>
public sealed record CapAdvice(CapAdvice.Reason Why)
{
    /// <summary>What an advice goes by. The first ones want a hard cap; of the others a soft one is enough.</summary>
    public enum Reason
    {
        /// <summary>A quarter of an hour cost many times what it usually does.</summary>
        Peak,

        /// <summary>A large tenant's days differ from each other by as much as they cost.</summary>
        Tenant,

        /// <summary>There were hardly any surges, and none lasted.</summary>
        FewSurges,

        /// <summary>All of it is revenue-critical.</summary>
        Tier1,
    }

    /// <summary>True where a hard cap is needed; false where a soft one is enough.</summary>
    public bool IsHard => Why is Reason.Peak or Reason.Tenant;

    /// <summary>How many times the usual a peak was; a tenant's daily variation.</summary>
    public decimal Ratio { get; init; }

    /// <summary>A tenant's share of the spend, 0–1.</summary>
    public decimal Share { get; init; }

    /// <summary>What a peak cost.</summary>
    public Usd Amount { get; init; }

    /// <summary>When a peak began.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>How many surges there were.</summary>
    public int Surges { get; init; }

    /// <summary>The days that it was found in.</summary>
    public int Days { get; init; }
}
