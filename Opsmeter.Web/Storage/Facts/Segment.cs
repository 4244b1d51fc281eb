namespace Opsmeter.Web.Storage.Facts;

/// <summary>A run of facts on disk, column by column: rows as they came, and cells of a quarter-hour without user and tenant.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="Cells">How many cells it has.</param>
/// <param name="FirstTicks">The earliest occurrence in it.</param>
/// <param name="LastTicks">The latest occurrence in it.</param>
/// <param name="LastSeq">The ledger's rows up to here are in it or in an earlier one.</param>
/// <param name="LastCorrectionId">The corrections up to here are in it or in an earlier one.</param>
/// <param name="CostNano">The sum of its costs in nano-USD.</param>
public sealed record Segment(
    long Id, int Rows, int Cells, long FirstTicks, long LastTicks, long LastSeq, long LastCorrectionId, long CostNano);
