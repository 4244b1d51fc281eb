using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Alerts;

/// <summary>
/// Delivers what waits in the outbox, at least once and with the same id each time. Receivers have a worker each, so that
/// one that hangs delays no other.
/// </summary>
internal sealed partial class Deliverer(
    IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer, LedgerFeed feed, ChannelSender sender, TimeProvider time, ILogger<Deliverer> logger)
    : BackgroundService
{
    private static readonly TimeSpan BetweenMessages = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(int Workspace, string Target), Task> _workers = new();

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var bell = new Bell(feed, time);
        try
        {
            while (true)
            {
                try
                {
                    await StartWorkersAsync(stoppingToken);
                }
                catch (Exception error) when (error is System.Data.Common.DbException)
                {
                    LogNotRead(logger, error);
                }

                await bell.WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // What is being sent is finished, and recorded.
            await Task.WhenAll(_workers.Values);
        }
    }

    private async Task StartWorkersAsync(CancellationToken stopping)
    {
        await using var db = await databases.CreateDbContextAsync(stopping);
        var now = time.GetUtcNow().UtcTicks;
        var waiting = await db.Outbox.AsNoTracking().Where(row => row.NextAttemptTicks != null && row.NextAttemptTicks <= now)
            .Select(row => new { row.WorkspaceId, row.Target }).Distinct().ToArrayAsync(stopping);
        foreach (var receiver in waiting.Select(row => (row.WorkspaceId, row.Target)).Where(receiver => !_workers.ContainsKey(receiver)))
        {
            var worker = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _workers[receiver] = worker.Task;
            _ = Task.Run(
                async () =>
                {
                    try
                    {
                        await WorkAsync(receiver.WorkspaceId, receiver.Target, stopping);
                    }
                    catch (OperationCanceledException)
                    {
                        // The product stops.
                    }
                    catch (Exception error) when (error is LedgerUnavailableException or System.Data.Common.DbException or JsonException)
                    {
                        LogNotDelivered(logger, receiver.Target, error);
                    }
                    finally
                    {
                        _workers.TryRemove(receiver, out _);
                        worker.SetResult();
                    }
                },
                CancellationToken.None);
        }
    }

    private async Task WorkAsync(int workspaceId, string target, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var (row, channel) = await NextAsync(workspaceId, target);
            if (row is null)
            {
                return;
            }

            var started = time.GetTimestamp();
            var result = TargetOf(row, channel) is { } known
                ? await sender.SendAsync(known, row.MessageId, JsonSerializer.Deserialize<AlertMessage>(row.Payload, DocumentJson.Options)!, CancellationToken.None)
                : new DeliveryResult(null, "The channel was deleted.", IsFinal: true);
            var took = time.GetElapsedTime(started);
            await writer.TellAsync(workspaceId, (db, now) =>
            {
                DeliveryLog.Record(db, row.Id, result, now, took);
                return true;
            });
            await Task.Delay(BetweenMessages, time, stopping);
        }
    }

    private async Task<(OutboxRow? Row, ChannelRow? Channel)> NextAsync(int workspaceId, string target)
    {
        await using var db = await databases.CreateDbContextAsync();
        var now = time.GetUtcNow().UtcTicks;
        var row = await db.Outbox.AsNoTracking()
            .Where(row => row.WorkspaceId == workspaceId && row.Target == target && row.NextAttemptTicks != null && row.NextAttemptTicks <= now)
            .OrderBy(row => row.NextAttemptTicks).ThenBy(row => row.Id).FirstOrDefaultAsync();
        return (row, row is null ? null : await db.Channels.AsNoTracking().SingleOrDefaultAsync(channel => channel.WorkspaceId == workspaceId && channel.Id == target));
    }

    private DeliveryTarget? TargetOf(OutboxRow row, ChannelRow? channel) =>
        row.Target.StartsWith(DeliveryLog.Mail, StringComparison.Ordinal)
            ? new DeliveryTarget(new ChannelDocument { Name = row.TargetName, Kind = ChannelKind.Email, Url = row.Target }, [])
            : channel is null ? null : ChannelTargets.Of(channel, time.GetUtcNow());

    [LoggerMessage(Level = LogLevel.Warning, Message = "Messages could not be read; they are in a second")]
    private static partial void LogNotRead(ILogger logger, Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A delivery to {Target} could not be recorded; it is tried again under the same id")]
    private static partial void LogNotDelivered(ILogger logger, string target, Exception error);
}
