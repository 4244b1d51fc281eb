namespace Opsmeter.Core.Budgets;

/// <summary>How critical an endpoint is to the business.</summary>
public enum Tier
{
    /// <summary>Revenue-critical: soft cap, fast escalation, degraded mode.</summary>
    Tier1 = 1,

    /// <summary>Helpful: soft cap, degrades by itself at warning.</summary>
    Tier2 = 2,

    /// <summary>Experimental or abuse-prone: hard cap with a clear message.</summary>
    Tier3 = 3,
}
