namespace Opsmeter.Web.Ingest;

/// <summary>What one call may ask of the server; configuration section <c>Ingest</c>. Sizes count after decompression.</summary>
public sealed class IngestLimits
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Ingest";

    /// <summary>The default of <see cref="MaxDepth"/>.</summary>
    public const int DefaultMaxDepth = 32;

    /// <summary>One row or one document: 256 KiB, a hundred times what a row needs, yet nothing for a thousand callers at once.</summary>
    public int MaxBodyBytes { get; set; } = 256 * 1024;

    /// <summary>One batch: 16 MiB, room for <see cref="MaxBatchRows"/> rows of 1.6 KiB each.</summary>
    public int MaxBatchBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Rows in a batch: 10,000, about a second of writing, since all of them are on disk when it answers.</summary>
    public int MaxBatchRows { get; set; } = 10_000;

    /// <summary>Nesting of objects and arrays in a row: 32; a row itself needs two.</summary>
    public int MaxDepth { get; set; } = DefaultMaxDepth;
}
