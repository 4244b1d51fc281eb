using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core.Alerts;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Live;

/// <summary>Tells the hub what people are told of, and that someone knows.</summary>
internal sealed class AlertRelay(LiveFeed feed, IDbContextFactory<OpsmeterDb> databases, IHubContext<LiveHub> hub, TimeProvider time) : IHostedService
{
    private const int MostAtOnce = 200;

    private long? _lastAlert;
    private long _lastKnown;
    private IDisposable? _watch;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _lastKnown = time.GetUtcNow().UtcTicks;
        _watch = feed.Subscribe(Store.WorkspaceId, update => update.AlertsChanged ? SendAsync() : Task.CompletedTask);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        _watch?.Dispose();
        return Task.CompletedTask;
    }

    private async Task SendAsync()
    {
        const int workspaceId = Store.WorkspaceId;
        await using var db = await databases.CreateDbContextAsync();
        var started = _lastKnown;
        _lastAlert ??= await db.Alerts.Where(row => row.WorkspaceId == workspaceId && row.RecordedTicks < started).MaxAsync(row => (long?)row.Id) ?? 0;
        var clients = hub.Clients.Group(LiveHub.GroupOf(workspaceId));
        foreach (var row in await db.Alerts.AsNoTracking().Where(row => row.WorkspaceId == workspaceId && row.Id > _lastAlert).OrderBy(row => row.Id).Take(MostAtOnce).ToArrayAsync())
        {
            _lastAlert = row.Id;
            await clients.SendAsync(nameof(AlertRaised), new AlertRaised(
                IncidentIds.Of(row.BudgetId, row.WindowStartTicks), row.BudgetId, row.BudgetName, (AlertKind)row.Kind, new DateTimeOffset(row.AtTicks, TimeSpan.Zero)));
        }

        foreach (var row in await db.Incidents.AsNoTracking().Where(row => row.WorkspaceId == workspaceId && row.AcknowledgedTicks > started)
            .OrderBy(row => row.AcknowledgedTicks).Take(MostAtOnce).ToArrayAsync())
        {
            _lastKnown = row.AcknowledgedTicks!.Value;
            await clients.SendAsync(nameof(AlertAcknowledged), new AlertAcknowledged(
                IncidentIds.Of(row.BudgetId, row.WindowStartTicks), row.BudgetId, row.AcknowledgedBy ?? "", new DateTimeOffset(_lastKnown, TimeSpan.Zero)));
        }
    }
}
