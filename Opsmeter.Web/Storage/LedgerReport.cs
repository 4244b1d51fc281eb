namespace Opsmeter.Web.Storage;

/// <summary>What a comparison of the ledger with its hashes came to.</summary>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="IsWhole">True where every row was compared, false for the newest alone.</param>
/// <param name="Rows">How many rows were compared.</param>
/// <param name="Faults">What does not fit, at most <see cref="LedgerCheck.MostFaults"/>.</param>
public sealed record LedgerReport(DateTimeOffset StartedAt, DateTimeOffset EndedAt, bool IsWhole, long Rows, IReadOnlyList<LedgerFault> Faults)
{
    internal static LedgerReport Empty(DateTimeOffset now, bool isWhole) => new(now, now, isWhole, 0, []);
}
