namespace Opsmeter.Web.Storage;

/// <summary>
/// Looks after the writer from another thread: one that hangs in the disk cannot say so itself. By the time of the machine,
/// which the disk is timed by.
/// </summary>
internal sealed class WriterWatch(LedgerWriter writer) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Every, TimeProvider.System);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                writer.TellStuck();
            }
        }
        catch (OperationCanceledException)
        {
            // The product stops.
        }
    }
}
