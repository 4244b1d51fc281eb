namespace Opsmeter.Web.Reports;

/// <summary>What a report sums besides requests, errors, unpriced requests and cost. Each costs reading time.</summary>
[Flags]
public enum SpendMeasures
{
    /// <summary>Nothing more.</summary>
    Cost = 0,

    /// <summary>Tokens by class.</summary>
    Tokens = 1,

    /// <summary>What senders reported, and what was computed for the same requests.</summary>
    Reported = 2,

    /// <summary>All of it.</summary>
    All = Tokens | Reported,
}
