namespace Opsmeter.Web.Reports;

/// <summary>What values are sorted by.</summary>
public enum ValueSort
{
    /// <summary>Their names.</summary>
    Name,

    /// <summary>What they cost; their share sorts the same.</summary>
    Cost,

    /// <summary>The change of what they cost, as a share; what is new counts as the greatest.</summary>
    Change,

    /// <summary>Their requests.</summary>
    Requests,

    /// <summary>The share of requests that failed.</summary>
    Errors,

    /// <summary>What a request costs.</summary>
    PerRequest,

    /// <summary>The latency that 95 % of requests do not exceed.</summary>
    P95,
}
