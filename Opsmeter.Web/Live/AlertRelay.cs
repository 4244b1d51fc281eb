using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core.Alerts;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Live;

/// <summary>Tells the hub what people are told of, and that someone knows.</summary>
internal sealed class AlertRelay(LiveFeed feed, LedgerFeed ledger, Boards boards, IDbContextFactory<OpsmeterDb> databases, IHubContext<LiveHub> hub, TimeProvider time) : IHostedService, IDisposable
{
    private const int MostAtOnce = 200;

    private WorkspaceWatches? _watches;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _watches = new WorkspaceWatches(ledger, boards.All.Select(pair => pair.Key), workspaceId =>
        {
            var told = new Told { KnownTicks = time.GetUtcNow().UtcTicks };
            return [feed.Subscribe(workspaceId, update => update.AlertsChanged ? SendAsync(workspaceId, told) : Task.CompletedTask)];
        });
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _watches?.Dispose();
    }

    private async Task SendAsync(int workspaceId, Told told)
    {
        await using var db = await databases.CreateDbContextAsync();
        var started = told.KnownTicks;
        told.AlertId ??= await db.Alerts.Where(row => row.WorkspaceId == workspaceId && row.RecordedTicks < started).MaxAsync(row => (long?)row.Id) ?? 0;
        var clients = hub.Clients.Group(LiveHub.GroupOf(workspaceId));
        foreach (var row in await db.Alerts.AsNoTracking().Where(row => row.WorkspaceId == workspaceId && row.Id > told.AlertId).OrderBy(row => row.Id).Take(MostAtOnce).ToArrayAsync())
        {
            told.AlertId = row.Id;
            await clients.SendAsync(nameof(AlertRaised), new AlertRaised(
                IncidentIds.Of(row.BudgetId, row.WindowStartTicks), row.BudgetId, row.BudgetName, (AlertKind)row.Kind, new DateTimeOffset(row.AtTicks, TimeSpan.Zero)));
        }

        foreach (var row in await db.Incidents.AsNoTracking().Where(row => row.WorkspaceId == workspaceId && row.AcknowledgedTicks > started)
            .OrderBy(row => row.AcknowledgedTicks).Take(MostAtOnce).ToArrayAsync())
        {
            told.KnownTicks = row.AcknowledgedTicks!.Value;
            await clients.SendAsync(nameof(AlertAcknowledged), new AlertAcknowledged(
                IncidentIds.Of(row.BudgetId, row.WindowStartTicks), row.BudgetId, row.AcknowledgedBy ?? "", new DateTimeOffset(told.KnownTicks, TimeSpan.Zero)));
        }
    }

    // How far a workspace's watchers were told.
    private sealed class Told
    {
        public long? AlertId { get; set; }

        public long KnownTicks { get; set; }
    }
}
