namespace Opsmeter.Core.Replay;

/// <summary>What a replay came to under one cap.</summary>
public sealed record ReplayTally
{
    /// <summary>Requests of the range that a budget counted, or would have counted had they not been blocked.</summary>
    public int Requests { get; init; }

    /// <summary>What was spent on them.</summary>
    public Usd Spend { get; init; }

    /// <summary>What obeying saved: all of a blocked request, the difference to the fallback of a degraded one.</summary>
    public Usd Avoided { get; init; }

    /// <summary>Windows, of each key, that reached their warning or more.</summary>
    public int Warnings { get; init; }

    /// <summary>Windows, of each key, that passed their limit.</summary>
    public int Exceeded { get; init; }

    /// <summary>Requests that were told to degrade.</summary>
    public int Degraded { get; init; }

    /// <summary>Requests that were blocked.</summary>
    public int Blocked { get; init; }

    /// <summary>Alerts that would have gone out: once for each budget, window and kind, the gravest where several came at once.</summary>
    public int Alerts { get; init; }

    /// <summary>Unpriced requests: their cost is not in the sums.</summary>
    public int Unpriced { get; init; }
}
