using System.ComponentModel.DataAnnotations;

namespace Opsmeter.Web.Ingest;

/// <summary>What ingest takes at most. Every limit has a default and a reason.</summary>
public sealed class IngestLimits
{
    public const string Section = "Ingest";

    /// <summary>One row's body in bytes: a row is a few hundred bytes, metadata at most 4 KiB.</summary>
    [Range(1_024, 16 * 1024 * 1024)]
    public int BodyBytes { get; set; } = 256 * 1024;

    /// <summary>A batch's body in bytes after decompression: 10,000 rows of about 1.6 KiB.</summary>
    [Range(1_024, 256 * 1024 * 1024)]
    public int BatchBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>Rows in a batch: one transaction, which others wait for.</summary>
    [Range(1, 100_000)]
    public int BatchRows { get; set; } = 10_000;

    /// <summary>Rows that wait for the writer before callers are told to come back: a few seconds of work.</summary>
    [Range(100, 1_000_000)]
    public int QueuedRows { get; set; } = 30_000;

    /// <summary>How long raw rows are kept; older ones are refused, since nothing would show them.</summary>
    [Range(1, 3_650)]
    public int RawRetentionDays { get; set; } = 90;

    public TimeSpan RawRetention => TimeSpan.FromDays(RawRetentionDays);
}
