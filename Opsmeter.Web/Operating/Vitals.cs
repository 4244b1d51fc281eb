using Microsoft.Data.Sqlite;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Operating;

/// <summary>How the installation does: what an operator looks at first.</summary>
public sealed record Vitals
{
    /// <summary>Rows that wait to be written.</summary>
    public required int QueuedRows { get; init; }

    /// <summary>How many may wait; more are answered 503.</summary>
    public required int MostQueuedRows { get; init; }

    /// <summary>What the writer did since the start.</summary>
    public required WriterFigures Writer { get; init; }

    /// <summary>The size of the database, in bytes.</summary>
    public required long DatabaseBytes { get; init; }

    /// <summary>The size of its write-ahead log, in bytes.</summary>
    public required long LogBytes { get; init; }

    /// <summary>What is free where the database is, in bytes.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>The resident memory of the process, in bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>What is in use on its heap since the last collection, in bytes.</summary>
    public required long HeapBytes { get; init; }

    /// <summary>The threads of the process.</summary>
    public required int Threads { get; init; }

    /// <summary>Since when it runs.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Reads them.</summary>
    internal static Vitals Read(LedgerWriter writer, StorageOptions storage)
    {
        var database = new FileInfo(new SqliteConnectionStringBuilder(storage.EffectiveConnectionString).DataSource);
        var log = new FileInfo(database.FullName + "-wal");
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new Vitals
        {
            QueuedRows = writer.QueuedRows,
            MostQueuedRows = storage.MaxQueuedRows,
            Writer = writer.Figures,
            DatabaseBytes = database.Exists ? database.Length : 0,
            LogBytes = log.Exists ? log.Length : 0,
            FreeBytes = new DriveInfo(database.DirectoryName!).AvailableFreeSpace,
            MemoryBytes = process.WorkingSet64,
            HeapBytes = GC.GetTotalMemory(forceFullCollection: false),
            Threads = process.Threads.Count,
            StartedAt = new DateTimeOffset(process.StartTime),
        };
    }
}
