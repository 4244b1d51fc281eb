namespace Opsmeter.Web.Storage;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The ledger is open: {Path}, {Milliseconds} ms")]
    public static partial void LedgerOpened(ILogger logger, string path, long milliseconds);

    [LoggerMessage(2, LogLevel.Error, "A transaction of the ledger failed; {Count} callers are asked to try again")]
    public static partial void TransactionFailed(ILogger logger, int count, Exception error);

    [LoggerMessage(3, LogLevel.Error, "The ledger could not be opened again; the next write tries once more")]
    public static partial void ReopenFailed(ILogger logger, Exception error);

    [LoggerMessage(5, LogLevel.Warning, "Requests of workspace {WorkspaceId} could not be packed for reports; it is tried again with the next write")]
    public static partial void SealFailed(ILogger logger, int workspaceId, Exception error);

    [LoggerMessage(7, LogLevel.Warning, "The write-ahead log could not be brought into the database; it is tried again")]
    public static partial void CheckpointFailed(ILogger logger, Exception error);

    [LoggerMessage(6, LogLevel.Error, "The disk has not answered for {Seconds} s; {Count} callers are asked to try again, and whoever comes until it answers")]
    public static partial void WriterStuck(ILogger logger, int seconds, int count);

    [LoggerMessage(4, LogLevel.Error, "A watcher of the ledger failed")]
    public static partial void WatcherFailed(ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The ledger was opened and is not what was committed: {Fault}")]
    public static partial void NotWhatWasCommitted(ILogger logger, LedgerFault fault);
}
