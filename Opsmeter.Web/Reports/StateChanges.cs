using Microsoft.EntityFrameworkCore;
using Opsmeter.Core.Budgets;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>Reads what changed its state lately.</summary>
public sealed class StateChanges(IDbContextFactory<OpsmeterDb> databases)
{
    /// <summary>The latest changes of state in a workspace, newest first.</summary>
    public async Task<IReadOnlyList<StateChange>> ReadAsync(int workspaceId, int most, CancellationToken cancellation = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await db.Transitions.AsNoTracking()
            .Where(row => row.WorkspaceId == workspaceId)
            .OrderByDescending(row => row.RecordedTicks).ThenByDescending(row => row.Id)
            .Take(most).ToListAsync(cancellation);
        return [.. rows.Select(row => new StateChange(
            row.Id, row.BudgetId, row.BudgetName, LedgerStatements.KeyOf(row.Key),
            new DateTimeOffset(row.RecordedTicks, TimeSpan.Zero), (BudgetState)row.FromState, (BudgetState)row.ToState,
            row.FromConfirmed, row.ToConfirmed, (TransitionCause)row.Cause))];
    }
}

/// <summary>One change of state, as the activity list tells it.</summary>
public sealed record StateChange(
    long Id, string BudgetId, string BudgetName, string? Key, DateTimeOffset At, BudgetState From, BudgetState To,
    bool FromConfirmed, bool ToConfirmed, TransitionCause Cause);
