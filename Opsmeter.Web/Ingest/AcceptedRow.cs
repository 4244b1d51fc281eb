namespace Opsmeter.Web.Ingest;

/// <summary>A valid row of a batch.</summary>
/// <param name="Index">Its place among the rows, from 0; blank lines have no place.</param>
/// <param name="Row">The row.</param>
public sealed record AcceptedRow(int Index, IncomingRow Row);
