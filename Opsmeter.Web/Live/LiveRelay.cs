using Microsoft.AspNetCore.SignalR;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Live;

/// <summary>Sends what the ledger has on disk to the hub's groups.</summary>
internal sealed class LiveRelay(LiveFeed feed, LedgerFeed ledger, Boards boards, IHubContext<LiveHub> hub) : IHostedService, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private readonly Lock _lock = new();
    private readonly Dictionary<int, (int Requests, Usd Cost)> _since = [];
    private WorkspaceWatches? _watches;
    private IDisposable? _sums;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _sums = ledger.Watch(Collect);
        _watches = new WorkspaceWatches(ledger, boards.All.Select(pair => pair.Key), workspaceId =>
        [
            feed.Subscribe(workspaceId, update => SendStatesAsync(workspaceId, update)),
            feed.Subscribe(workspaceId, update => SendTickAsync(workspaceId, update), Tick),
        ]);
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
        _sums?.Dispose();
    }

    private void Collect(LedgerChange change)
    {
        lock (_lock)
        {
            var (requests, cost) = _since.GetValueOrDefault(change.WorkspaceId);
            _since[change.WorkspaceId] = (requests + change.Production.Requests, cost + change.Production.Cost);
        }
    }

    private async Task SendTickAsync(int workspaceId, LiveUpdate update)
    {
        (int Requests, Usd Cost) since;
        lock (_lock)
        {
            since = _since.GetValueOrDefault(workspaceId);
            _since.Remove(workspaceId);
        }

        if (since.Requests > 0)
        {
            await Group(workspaceId).SendAsync(nameof(SpendTick), new SpendTick(update.At, since.Requests, since.Cost.Dollars));
        }
    }

    private async Task SendStatesAsync(int workspaceId, LiveUpdate update)
    {
        foreach (var notice in update.Notices)
        {
            await Group(workspaceId).SendAsync(nameof(BudgetStateChanged), StateOf(notice));
            if (DecisionOf(workspaceId, notice) is { } decision)
            {
                await Group(workspaceId).SendAsync(nameof(DecisionChanged), decision);
            }
        }
    }

    private static BudgetStateChanged StateOf(StateNotice notice)
    {
        var change = notice.Transition;
        return new BudgetStateChanged(
            change.BudgetId, notice.BudgetName, change.Key, change.From.State, change.To.State, change.To.Confirmed,
            change.Sums.Spend.Dollars, change.Limits.Usd?.Dollars, change.Cause, change.At, change.Window.Start,
            change.Window.IsTotal ? null : change.Window.End);
    }

    private DecisionChanged? DecisionOf(int workspaceId, StateNotice notice)
    {
        var change = notice.Transition;
        if (boards[workspaceId].Find(change.BudgetId)?.Budget is not { } budget)
        {
            return null;
        }

        var (before, after) = (ActionsOf(budget, change.From), ActionsOf(budget, change.To));
        return before == after
            ? null
            : new DecisionChanged(
                change.BudgetId, notice.BudgetName, change.Key, after.Tier1, after.Tier2, after.Tier3, change.At);
    }

    private static (DecisionAction Tier1, DecisionAction Tier2, DecisionAction Tier3) ActionsOf(Budget budget, Standing standing)
    {
        return (For(Tier.Tier1), For(Tier.Tier2), For(Tier.Tier3));

        DecisionAction For(Tier tier) =>
            DecisionTable.ActionFor(budget.Cap, tier, standing.State, standing.Confirmed, budget.BlockTier1);
    }

    private IClientProxy Group(int workspaceId) => hub.Clients.Group(LiveHub.GroupOf(workspaceId));
}
