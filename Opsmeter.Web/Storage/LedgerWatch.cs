namespace Opsmeter.Web.Storage;

/// <summary>
/// Compares the ledger with its hashes: the newest rows after each start, every row each night. What does not fit goes to the
/// log and to the audit log, once.
/// </summary>
internal sealed partial class LedgerWatch(
    LedgerWriter writer, LedgerCheck check, LedgerHealth health, TimeProvider time, ILogger<LedgerWatch> logger) : BackgroundService
{
    /// <summary>How many rows are compared after a start.</summary>
    internal const int TailRows = 10_000;

    /// <summary>Who names a fault, in the audit log.</summary>
    internal const string Actor = "opsmeter";

    // At three at night, UTC: the hour of the fewest requests in most of the world's offices.
    private static readonly TimeSpan Hour = TimeSpan.FromHours(3);

    private readonly HashSet<LedgerFault> _told = [];

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Yield();
            await RunAsync(() => Task.FromResult(check.CheckTail(TailRows)), isTail: true);
            while (true)
            {
                var now = time.GetUtcNow();
                var next = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + Hour;
                await Task.Delay((next > now ? next : next.AddDays(1)) - now, time, stoppingToken);
                await RunAsync(() => check.CheckAllAsync(stoppingToken), isTail: false);
            }
        }
        catch (OperationCanceledException)
        {
            // The product stops.
        }
    }

    private async Task RunAsync(Func<Task<LedgerReport>> run, bool isTail)
    {
        try
        {
            health.Note(await run(), isTail);
            await TellAsync();
        }
        catch (Exception error) when (error is System.Data.Common.DbException or LedgerUnavailableException or IOException)
        {
            LogNotChecked(logger, error);
        }
    }

    private async Task TellAsync()
    {
        foreach (var fault in health.Faults.Where(_told.Add).ToArray())
        {
            LogFault(logger, fault);
            await writer.EditAsync(Store.WorkspaceId, (db, now) =>
            {
                db.Audit.Add(new AuditRow
                {
                    WorkspaceId = Store.WorkspaceId, AtTicks = now.UtcTicks, Actor = Actor, Action = "ledger.fault", Target = fault.ToString(),
                });
                return new PolicyEdit<bool>(true, IsChanged: true, Budgets: []);
            });
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The ledger is not as it was written: {Fault}. Restore a backup, or keep the file and ask for help before anything else is done to it")]
    private static partial void LogFault(ILogger logger, LedgerFault fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ledger could not be compared with its hashes; it is tried again in the night")]
    private static partial void LogNotChecked(ILogger logger, Exception error);
}
