using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>Writes down now and then, and at the end, when each key was last used: not with every request.</summary>
internal sealed partial class KeyUse(
    KeyRing ring, IDbContextFactory<OpsmeterDb> databases, TimeProvider time, ILogger<KeyUse> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync();
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await timer.WaitForNextTickAsync(stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await WriteAsync();
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync();
            foreach (var (id, ticks) in ring.TakeLastUsed())
            {
                await db.ApiKeys.Where(row => row.Id == id)
                    .ExecuteUpdateAsync(update => update.SetProperty(row => row.LastUsedTicks, ticks));
            }
        }
        catch (Exception error) when (error is System.Data.Common.DbException or DbUpdateException)
        {
            LogNotWritten(logger, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last use of keys could not be written down; it is tried with the next use")]
    private static partial void LogNotWritten(ILogger logger, Exception error);
}
