namespace Opsmeter.Web.Storage;

/// <summary>What is known of the ledger: whether it is as it was written.</summary>
public sealed class LedgerHealth
{
    private readonly Lock _lock = new();

    /// <summary>The last comparison of the newest rows, at start; null while it runs.</summary>
    public LedgerReport? Tail { get; private set; }

    /// <summary>The last comparison of every row; null before the first.</summary>
    public LedgerReport? Whole { get; private set; }

    /// <summary>What was missing when the ledger was last opened with something missing; null where nothing ever was.</summary>
    public LedgerFault? Missing { get; private set; }

    /// <summary>Where the rows begin that are kept one by one.</summary>
    public LedgerStart Start { get; internal set; } = LedgerStart.Origin;

    /// <summary>Every fault that is known.</summary>
    public IReadOnlyList<LedgerFault> Faults
    {
        get
        {
            lock (_lock)
            {
                return [.. new[] { Missing }.OfType<LedgerFault>().Concat(Tail?.Faults ?? []).Concat(Whole?.Faults ?? []).Distinct()];
            }
        }
    }

    internal void Note(LedgerFault missing)
    {
        lock (_lock)
        {
            Missing = missing;
        }
    }

    internal void Note(LedgerReport report, bool isTail)
    {
        lock (_lock)
        {
            (Tail, Whole) = isTail ? (report, Whole) : (Tail, report);
        }
    }
}
