using System.Diagnostics.CodeAnalysis;

namespace Opsmeter.Web.Ingest;

/// <summary>The outcome of reading one row: the row, or what is wrong with it. Exactly one of the two is set.</summary>
/// <param name="Row">The row, when it is valid.</param>
/// <param name="Errors">Field → messages, when it is not; <c>$</c> stands for the row as a whole.</param>
/// <param name="ExternalRequestId">The row's id where that could be read, so that a sender finds a refused row again.</param>
public readonly record struct RowReading(
    IncomingRow? Row,
    IReadOnlyDictionary<string, string[]>? Errors,
    string? ExternalRequestId)
{
    /// <summary>True when <see cref="Row"/> is set.</summary>
    [MemberNotNullWhen(true, nameof(Row))]
    [MemberNotNullWhen(false, nameof(Errors))]
    public bool IsValid => Row is not null;
}
