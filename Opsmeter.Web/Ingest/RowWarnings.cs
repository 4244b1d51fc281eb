namespace Opsmeter.Web.Ingest;

/// <summary>What a sender should know about a row that was kept nevertheless. Members stand in the order of the API's codes.</summary>
[Flags]
public enum RowWarnings
{
    /// <summary>Nothing to report.</summary>
    None = 0,

    /// <summary>No price was found.</summary>
    UnpricedModel = 1,

    /// <summary>The provider was derived from the model.</summary>
    ProviderInferred = 2,

    /// <summary>The token classes exceeded their total, so the total was raised.</summary>
    UsageSemanticsInferred = 4,

    /// <summary><c>totalTokens</c> differs from input and output together.</summary>
    TotalMismatch = 8,

    /// <summary>The id was known with other billing content, so the row is a further revision.</summary>
    ConflictingId = 16,

    /// <summary>The row replaced an earlier one.</summary>
    Superseded = 32,

    /// <summary>The cost is the one the sender reported.</summary>
    ReportedCostUsed = 64,
}
