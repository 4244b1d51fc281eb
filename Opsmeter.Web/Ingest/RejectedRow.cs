namespace Opsmeter.Web.Ingest;

/// <summary>A row of a batch that was refused; the others are not affected.</summary>
/// <param name="Index">Its place among the rows, from 0; blank lines have no place.</param>
/// <param name="ExternalRequestId">Its id, where that could be read.</param>
/// <param name="Errors">Field → messages; <c>$</c> stands for the row as a whole.</param>
public sealed record RejectedRow(int Index, string? ExternalRequestId, IReadOnlyDictionary<string, string[]> Errors);
