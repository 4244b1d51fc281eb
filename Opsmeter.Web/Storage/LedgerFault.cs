namespace Opsmeter.Web.Storage;

/// <summary>Rows of the ledger that are not as they were written.</summary>
/// <param name="From">The number of the first row; <see cref="NoRow"/> where it is not about single rows.</param>
/// <param name="To">The number of the last one.</param>
/// <param name="What">What is wrong with them: one of the constants here.</param>
public sealed record LedgerFault(long From, long To, string What)
{
    /// <summary>They were committed and are gone.</summary>
    public const string Missing = "missing";

    /// <summary>They do not fit the hashes around them.</summary>
    public const string Altered = "altered";

    /// <summary>They are there though the ledger says that it begins behind them.</summary>
    public const string BeforeStart = "before the ledger's start";

    /// <summary>SQLite cannot read them, nor what comes after.</summary>
    public const string Unreadable = "unreadable";

    /// <summary>They count, or count no longer, without a correction that says so.</summary>
    public const string Disposed = "counted wrongly";

    /// <summary>Corrections that were committed and are gone; the numbers are those of corrections.</summary>
    public const string CorrectionMissing = "correction missing";

    /// <summary>A correction that does not fit its hash; the numbers are those of corrections.</summary>
    public const string Correction = "correction altered";

    /// <summary>The corrections cannot be read, and of no row can be said whether it counts.</summary>
    public const string CorrectionsUnreadable = "the corrections cannot be read";

    /// <summary>Where the ledger begins cannot be read.</summary>
    public const string StartUnreadable = "the ledger's start cannot be read";

    /// <summary>Columns that do not fit their hash; the numbers are those of segments.</summary>
    public const string ColumnsAltered = "columns altered";

    /// <summary>Columns that were packed and are gone; the numbers are those of segments.</summary>
    public const string ColumnsMissing = "columns missing";

    /// <summary>Rows that are no longer kept are in no column.</summary>
    public const string NewestColumnsMissing = "columns of rows that are no longer kept are missing";

    /// <summary>The columns cannot be read, nor what comes after.</summary>
    public const string ColumnsUnreadable = "the columns cannot be read";

    /// <summary>The number where a fault is not one of single rows.</summary>
    public const long NoRow = 0;

    /// <inheritdoc />
    public override string ToString() => From == NoRow ? What : From == To ? $"{Noun} {From} {What}" : $"{Noun}s {From} to {To} {What}";

    private string Noun => What is ColumnsAltered or ColumnsMissing ? "segment" : "row";
}
