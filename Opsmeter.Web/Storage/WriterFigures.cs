namespace Opsmeter.Web.Storage;

/// <summary>What the writer did since the start.</summary>
/// <param name="Rows">Rows that were counted.</param>
/// <param name="Commits">Transactions.</param>
/// <param name="Busy">How long they took together, the wait for the disk included.</param>
/// <param name="Last">How long the last one took.</param>
public sealed record WriterFigures(long Rows, long Commits, TimeSpan Busy, TimeSpan Last)
{
    internal WriterFigures With(int rows, TimeSpan took) => new(Rows + rows, Commits + 1, Busy + took, took);
}
