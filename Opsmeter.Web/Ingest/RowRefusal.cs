namespace Opsmeter.Web.Ingest;

/// <summary>Why a valid row is not taken.</summary>
/// <param name="Field">The field to change.</param>
/// <param name="Message">What to change.</param>
/// <param name="IsForbidden">True when the key may not write such a row.</param>
internal sealed record RowRefusal(string Field, string Message, bool IsForbidden)
{
    public Dictionary<string, string[]> Errors => new(StringComparer.Ordinal) { [Field] = [Message] };
}
