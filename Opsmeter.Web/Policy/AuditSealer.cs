using Microsoft.EntityFrameworkCore;

namespace Opsmeter.Web.Policy;

/// <summary>Seals the audit log every few seconds.</summary>
internal sealed partial class AuditSealer(AuditSeals seals, TimeProvider time, ILogger<AuditSealer> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                // Ticks that come meanwhile are one: a clock that leaps seals once.
                await Task.Yield();
                await SealAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The product stops.
        }
    }

    private async Task SealAsync(CancellationToken stoppingToken)
    {
        try
        {
            await seals.SealAsync(stoppingToken);
        }
        catch (Exception error) when (error is System.Data.Common.DbException or DbUpdateException)
        {
            LogNotSealed(logger, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The audit log could not be sealed; it is tried again")]
    private static partial void LogNotSealed(ILogger logger, Exception error);
}
