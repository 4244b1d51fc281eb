using Opsmeter.Core.Decisions;

namespace Opsmeter.Web.Storage;

// What is held for calls that are still to come.
internal sealed partial class LedgerSession
{
    /// <summary>
    /// Decides with everything that was counted and held up to here, and holds what the call may cost against all matching
    /// budgets or none: a step that nothing else comes between.
    /// </summary>
    public HeldDecision Decide(int workspaceId, DecisionQuery query, HoldAsk ask)
    {
        var workspace = _workspaces[workspaceId];
        var meters = workspace.Pipeline.Budgets.ToDictionary(budget => budget.Budget.Id, StringComparer.Ordinal);
        var decision = DecisionEngine.Decide(
            workspace.Board, query with { HoldId = ask.ExternalId, Asked = ask.Amount }, Now, (board, key) => meters[board.Budget.Id].ReadAt(key, Now));
        if (decision.Action == DecisionAction.Block || decision.Budgets.Count == 0 || !workspace.Holds.HasRoomFor(ask.Amount))
        {
            return new HeldDecision(decision, null);
        }

        var hold = new Hold
        {
            ExternalId = ask.ExternalId,
            Amount = ask.Amount,
            Basis = ask.Basis,
            ExpiresAt = Now + ask.For,
            Places = [.. decision.Budgets.Select(budget => new HoldPlace(budget.Budget.Id, budget.Reading.Key, budget.Reading.Window))],
        };
        EndHold(workspace, ask.ExternalId);
        workspace.Holds.Put(hold, Now);
        Ledger.Save(workspaceId, hold, Now);
        Changes(workspaceId).Held.UnionWith(hold.Places.Select(place => place.BudgetId));
        return new HeldDecision(decision.WithHeld(hold.Amount), hold);
    }

    /// <summary>Ends a hold by its id.</summary>
    /// <returns>False where there is none.</returns>
    public bool Release(int workspaceId, string externalId) => EndHold(_workspaces[workspaceId], externalId);

    /// <summary>Ends the expired holds of a budget's key that stay held.</summary>
    /// <returns>How many there were.</returns>
    public int ReleaseUnsettled(int workspaceId, string budgetId, string? key)
    {
        var workspace = _workspaces[workspaceId];
        var ids = workspace.Holds.ExpiredOf(budgetId, key, Now);
        return ids.Count(id => EndHold(workspace, id));
    }

    /// <summary>Deletes the holds that are over.</summary>
    public int SweepHolds()
    {
        var swept = 0;
        foreach (var (id, workspace) in _workspaces)
        {
            foreach (var externalId in workspace.Holds.Sweep(budgetId => workspace.Board.Find(budgetId)?.Budget.HoldExpiry, Now))
            {
                Ledger.EndHold(id, externalId);
                swept++;
            }
        }

        return swept;
    }

    /// <summary>True where something is held.</summary>
    public bool HasHolds => _workspaces.Values.Any(workspace => !workspace.Holds.IsEmpty);

    private bool EndHold(WorkspaceState workspace, string externalId)
    {
        if (workspace.Holds.Remove(externalId) is not { } hold)
        {
            return false;
        }

        Ledger.EndHold(workspace.Id, externalId);
        Changes(workspace.Id).Held.UnionWith(hold.Places.Select(place => place.BudgetId));
        return true;
    }
}
