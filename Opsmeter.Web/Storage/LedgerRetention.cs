namespace Opsmeter.Web.Storage;

/// <summary>
/// Deletes the rows that were kept for long enough, in steps so small that nobody who sends waits for them. What they cost
/// stays in the columns.
/// </summary>
internal sealed partial class LedgerRetention(LedgerWriter writer, StorageOptions options, TimeProvider time, ILogger<LedgerRetention> logger) : BackgroundService
{
    /// <summary>How many rows a step deletes, at most: some milliseconds.</summary>
    internal const int RowsAtOnce = 500;

    /// <summary>How long after a start it begins: a server that is started every half hour has old rows too.</summary>
    internal static readonly TimeSpan First = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Every = TimeSpan.FromHours(1);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            for (var rest = First; ; rest = Every)
            {
                await Task.Delay(rest, time, stoppingToken);
                await DropAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The product stops.
        }
    }

    private async Task DropAsync(CancellationToken stopping)
    {
        var rows = 0L;

        // A row that is gone cannot arrive a second time and count again: it is too old for the door.
        var kept = options.RawRetention + LedgerStart.ClockMargin;
        try
        {
            while (await writer.DropRowsAsync(time.GetUtcNow() - kept, RowsAtOnce) is { IsLast: false } step)
            {
                rows += step.Rows;
                await Task.Delay(Rest, time, stopping);
            }
        }
        catch (LedgerUnavailableException error)
        {
            // Nothing was deleted that is not where it should be; it goes on in an hour.
            LogNotDropped(logger, error);
        }

        if (rows > 0)
        {
            LogDropped(logger, rows, options.RawRetentionDays);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Rows} requests are no longer kept row by row, as Storage:RawRetentionDays {Days} says; sums still have them.")]
    private static partial void LogDropped(ILogger logger, long rows, int days);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old requests could not be deleted. It is tried again in an hour.")]
    private static partial void LogNotDropped(ILogger logger, Exception error);
}

/// <summary>What a step of deleting did.</summary>
/// <param name="Start">Where the ledger begins after it.</param>
/// <param name="Rows">How many rows it deleted.</param>
/// <param name="IsLast">True where nothing more is old enough.</param>
internal sealed record RetentionStep(LedgerStart Start, int Rows, bool IsLast);
