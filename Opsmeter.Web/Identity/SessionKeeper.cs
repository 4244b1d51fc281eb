using Microsoft.EntityFrameworkCore;

namespace Opsmeter.Web.Identity;

/// <summary>Writes down now and then when sessions were used: not with every request.</summary>
internal sealed partial class SessionKeeper(MemberSessions sessions, TimeProvider time, ILogger<SessionKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await Task.Yield();
                await WriteAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The product stops.
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await sessions.WriteAsync();
        }
        catch (Exception error) when (error is System.Data.Common.DbException or DbUpdateException)
        {
            LogNotWritten(logger, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The last use of sessions could not be written down; it is tried again")]
    private static partial void LogNotWritten(ILogger logger, Exception error);
}
