namespace Opsmeter.Core.Budgets;

/// <summary>What the policy check looks for, gravest first.</summary>
public enum LintRule
{
    /// <summary>A budget's owner is not, or no longer, a member.</summary>
    NoOwner,

    /// <summary>A hard cap covers an endpoint of Tier 1.</summary>
    HardCoversTier1,

    /// <summary>A hard cap blocks without asking whether spend is still running away.</summary>
    HardWithoutBurnRate,

    /// <summary>Callers of a hard cap spent while it told them to stop.</summary>
    SpentWhileBlocked,

    /// <summary>Callers of a hard cap do not ask before they call.</summary>
    NotAsked,

    /// <summary>Callers of a hard cap do not do as they are told.</summary>
    NotObeyed,

    /// <summary>A budget counts traffic that is not production's, or not real.</summary>
    CountsOtherTraffic,

    /// <summary>Spend that no budget counts.</summary>
    Uncovered,

    /// <summary>There are totals only: no budget of an endpoint, a tenant or a user.</summary>
    WorkspaceOnly,

    /// <summary>Endpoints with spend are in no tier.</summary>
    Unclassified,

    /// <summary>Too many requests have no price.</summary>
    Unpriced,

    /// <summary>A budget matched nothing for a day, while others had requests.</summary>
    MatchedNothing,

    /// <summary>Too much of what a budget matches lacks the dimension that it counts by.</summary>
    LowCoverage,

    /// <summary>A budget counts by keys, and none counts the same traffic together.</summary>
    NoTotal,

    /// <summary>A limit is so few requests that its thresholds cannot be told apart.</summary>
    LimitTooSmall,

    /// <summary>Requests arrive too late for the short window to see them.</summary>
    ArrivesLate,

    /// <summary>Spend arrives after its window's end, when nothing can be decided any more.</summary>
    ArrivesAfterWindow,

    /// <summary>Nobody hears of it where the owner does not answer.</summary>
    NoBackup,
}
