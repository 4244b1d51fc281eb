using Microsoft.Data.Sqlite;

namespace Opsmeter.Web.Storage;

/// <summary>
/// Brings what the write-ahead log holds into the database, on a thread and a connection of its own: within a commit it would
/// make its callers wait. Beside a writer that never rests the log would grow for ever, so above a limit it is begun anew, for
/// which the writer waits a moment; where its groups take so long that no moment is found, it is asked to rest.
/// </summary>
internal sealed class Checkpoints(StorageOptions options, WriterPause pause, TimeProvider time, ILogger<Checkpoints> logger) : BackgroundService
{
    /// <summary>How large the log may grow before it is begun anew, in bytes; only one who reads for long keeps it larger.</summary>
    public const long MostLogBytes = 32L * 1024 * 1024;

    /// <summary>What of the log's file stays when it is begun anew, and where the writer is asked to rest for that, in bytes.</summary>
    public const long MostKeptBytes = 2 * MostLogBytes;

    // As many pages as SQLite itself lets gather within commits.
    private const long WorthwhilePages = 1_000;

    // While the log is begun anew the writer waits, and so does whoever waits for the writer: not long.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    // A group of many rows with random ids, on a slow disk.
    private static readonly TimeSpan LongestGroup = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);

    private SqliteConnection? _connection;
    private long _pageBytes;

    /// <inheritdoc />
    public override void Dispose()
    {
        _connection?.Dispose();
        base.Dispose();
    }

    /// <inheritdoc />
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(() => Run(stoppingToken), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                Task.Delay(Look(stop) ? Every : AfterFailure, time, stop).GetAwaiter().GetResult();
            }
        }
        catch (OperationCanceledException)
        {
            // The product stops; whoever closes the database last brings in the rest.
        }
    }

    /// <summary>Looks once, and brings in what is worth it.</summary>
    /// <returns>False where it did not succeed.</returns>
    internal bool Look(CancellationToken stop)
    {
        try
        {
            _connection ??= Open();
            var (_, pages, moved) = Checkpoint("NOOP");
            if (pages - moved < WorthwhilePages)
            {
                return true;
            }

            (_, pages, _) = Checkpoint("PASSIVE");
            return pages * _pageBytes <= MostLogBytes || !Checkpoint("RESTART").IsBusy || (pages * _pageBytes > MostKeptBytes && BeginAnewAtRest(stop));
        }
        catch (SqliteException error)
        {
            // The disk is full or fails: what was committed is safe in the log, and the next try finds it there.
            Log.CheckpointFailed(logger, error);
            _connection?.Dispose();
            _connection = null;
            return false;
        }
    }

    private bool BeginAnewAtRest(CancellationToken stop)
    {
        var isBusy = true;
        return pause.TryDuring(LongestGroup, () => isBusy = Checkpoint("RESTART").IsBusy, stop) && !isBusy;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(options.EffectiveConnectionString);
        connection.Open();
        BusyWait.Set(connection, Patience);
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous=FULL";
        command.ExecuteNonQuery();
        command.CommandText = "PRAGMA page_size";
        _pageBytes = (long)command.ExecuteScalar()!;
        return connection;
    }

    /// <summary>Runs a checkpoint: <c>NOOP</c> only looks, <c>PASSIVE</c> waits for nobody, <c>RESTART</c> has the log begun anew.</summary>
    /// <returns>Whether somebody was in its way, the pages in the log, and how many of them are in the database.</returns>
    private (bool IsBusy, long Pages, long Moved) Checkpoint(string mode)
    {
        using var command = _connection!.CreateCommand();
        command.CommandText = $"PRAGMA wal_checkpoint({mode})";
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0) != 0, reader.GetInt64(1), reader.GetInt64(2));
    }
}
