namespace Opsmeter.Web.Ingest;

/// <summary>What a sender should know about a row that was taken.</summary>
[Flags]
public enum RowWarnings
{
    None = 0,
    UnpricedModel = 1,
    ProviderInferred = 2,
    UsageSemanticsInferred = 4,
    TotalMismatch = 8,
    ConflictingId = 16,
    Superseded = 32,
    ReportedCostUsed = 64,
}

/// <summary>The codes of warnings, in the documented order.</summary>
public static class RowWarningCodes
{
    private static readonly (RowWarnings Warning, string Code)[] All =
    [
        (RowWarnings.UnpricedModel, "unpriced_model"),
        (RowWarnings.ProviderInferred, "provider_inferred"),
        (RowWarnings.UsageSemanticsInferred, "usage_semantics_inferred"),
        (RowWarnings.TotalMismatch, "total_mismatch"),
        (RowWarnings.ConflictingId, "conflicting_id"),
        (RowWarnings.Superseded, "superseded"),
        (RowWarnings.ReportedCostUsed, "reported_cost_used"),
    ];

    public static IReadOnlyList<string> Codes(this RowWarnings warnings) =>
        warnings == RowWarnings.None
            ? []
            : [.. All.Where(entry => (warnings & entry.Warning) != 0).Select(entry => entry.Code)];
}
