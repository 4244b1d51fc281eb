using Microsoft.Data.Sqlite;

namespace Opsmeter.Web.Storage;

/// <summary>Where data is kept.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>The database's name in its folder.</summary>
    public const string DatabaseFile = "opsmeter.db";

    private Built? _built;

    /// <summary>The store: <c>sqlite</c>.</summary>
    public string Provider { get; set; } = "sqlite";

    /// <summary>The folder of the database, its marker and the keys of cookies.</summary>
    public string DataDirectory { get; set; } = "./data";

    /// <summary>The connection string, or null for <c>opsmeter.db</c> in <see cref="DataDirectory"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>True when the store holds invented data, by <c>--demo</c>: it is never mixed with a real one.</summary>
    internal bool IsDemo { get; set; }

    /// <summary>How many days a request is kept row by row, and so how old a row may be when it arrives: 90.</summary>
    public int RawRetentionDays { get; set; } = 90;

    /// <summary>The most rows that wait to be written; more are answered 503. 30,000 is a few seconds of writing.</summary>
    public int MaxQueuedRows { get; set; } = 30_000;

    /// <summary>
    /// How many requests a segment of the columns that reports read holds; a multiple of 1,024. With 32,768 a month of ten
    /// million requests is a hundred segments, and a start reads no more than that many requests anew.
    /// </summary>
    public int SegmentRows { get; set; } = 32_768;

    public TimeSpan RawRetention => TimeSpan.FromDays(RawRetentionDays);

    public string EffectiveConnectionString => ConnectionString ?? (_built is { } built && built.Folder == DataDirectory ? built : _built = Build()).Text;

    private Built Build() => new(
        DataDirectory,
        new SqliteConnectionStringBuilder { DataSource = Path.Combine(DataDirectory, DatabaseFile), DefaultTimeout = 5 }.ToString());

    /// <summary>The connection string of a folder: asked for with every connection, and slow to make.</summary>
    private sealed record Built(string Folder, string Text);
}
