namespace Opsmeter.Web.Ingest;

/// <summary>
/// Reads one reported request. Strict where the framework's binding is lenient: a member given twice, a number in quotes,
/// 1e400 and U+0000 are refused with the field's name instead of passing. Never throws, and reports every error at once.
/// </summary>
public static class RequestReader
{
    /// <summary>How far a sender's clock may run ahead.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>Reads a row.</summary>
    /// <param name="json">One JSON object, UTF-8, nothing before or after it but space.</param>
    /// <param name="now">The server's clock: the default of <c>occurredAt</c>.</param>
    /// <param name="rawRetention">How long raw rows are kept: an older row could not be recognised when sent again.</param>
    /// <param name="maxDepth">How deep objects and arrays may nest, the row itself included.</param>
    public static RowReading Read(
        ReadOnlySpan<byte> json, DateTimeOffset now, TimeSpan rawRetention, int maxDepth = IngestLimits.DefaultMaxDepth)
    {
        Span<char> scratch = stackalloc char[RequestParser.ScratchLength];
        var parser = new RequestParser(json, scratch, now, rawRetention, maxDepth);
        return parser.Read();
    }
}
