using System.Globalization;
using Microsoft.Extensions.Options;

namespace Opsmeter.Web.Operating;

/// <summary>Makes the daily backup.</summary>
internal sealed partial class BackupSchedule(Backups backups, IOptions<BackupOptions> options, TimeProvider time, ILogger<BackupSchedule> logger) : BackgroundService
{
    // One that failed is tried again before the next day.
    private static readonly TimeSpan AgainAfter = TimeSpan.FromHours(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!backups.IsDaily)
        {
            return;
        }

        var at = TimeOnly.ParseExact(options.Value.DailyAt, "HH:mm", CultureInfo.InvariantCulture).ToTimeSpan();
        try
        {
            while (true)
            {
                var now = time.GetUtcNow();
                var next = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero) + at;
                await Task.Delay((next > now ? next : next.AddDays(1)) - now, time, stoppingToken);
                while (!await TryAsync(stoppingToken))
                {
                    await Task.Delay(AgainAfter, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The product stops.
        }
    }

    private async Task<bool> TryAsync(CancellationToken stoppingToken)
    {
        try
        {
            var item = await backups.MakeAsync(stoppingToken);
            LogMade(logger, item.Name, item.Bytes);
            return true;
        }
        catch (BackupException error)
        {
            LogFailed(logger, error);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Backup {Name} is made, {Bytes} bytes")]
    private static partial void LogMade(ILogger logger, string name, long bytes);

    [LoggerMessage(Level = LogLevel.Error, Message = "The daily backup failed; it is tried again in an hour")]
    private static partial void LogFailed(ILogger logger, Exception error);
}
