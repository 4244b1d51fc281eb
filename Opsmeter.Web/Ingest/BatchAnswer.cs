namespace Opsmeter.Web.Ingest;

/// <summary>The answer to a batch.</summary>
public sealed record BatchAnswer(
    int Accepted, int Duplicates, IReadOnlyList<RejectedRow> Rejected, IReadOnlyDictionary<string, int> Warnings);
