namespace Opsmeter.Web.Storage.Facts;

/// <summary>What is known of a fact. The numbers are stored: never change them. Below <see cref="Time"/> are dimensions.</summary>
public enum FactColumn
{
    /// <summary>Environment and data mode; see <see cref="Fact.ScopeOf"/>.</summary>
    Scope = 0,
    Endpoint = 1,
    Provider = 2,
    Model = 3,
    Version = 4,
    Key = 5,
    User = 6,
    Tenant = 7,

    /// <summary>UTC ticks: of the request in rows, of its quarter-hour in cells.</summary>
    Time = 8,
    Requests = 9,
    Errors = 10,
    Unpriced = 11,
    Cost = 12,
    Input = 13,
    Output = 14,
    Cached = 15,
    CacheWrite = 16,
    Reasoning = 17,
    Audio = 18,

    /// <summary>Input and output tokens of unpriced requests.</summary>
    UnpricedTokens = 19,

    /// <summary>Priced requests whose sender reported a cost too, that cost, and what was computed for them.</summary>
    ReportedRequests = 20,
    Reported = 21,
    ReportedComputed = 22,

    /// <summary>Rows only: milliseconds.</summary>
    Latency = 23,

    /// <summary>Rows only: the place in the ledger.</summary>
    Seq = 24,

    /// <summary>Cells only: the sum of squared costs in dollars, as the bits of a double.</summary>
    Squares = 25,

    /// <summary>Cells only: UTC ticks of the earliest request.</summary>
    First = 26,
}
