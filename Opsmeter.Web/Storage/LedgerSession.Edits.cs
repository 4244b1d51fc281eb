using Microsoft.EntityFrameworkCore;

namespace Opsmeter.Web.Storage;

// Edits of the policy and of what was told.
internal sealed partial class LedgerSession
{
    private const string EditSavepoint = "edit";

    /// <summary>Runs an edit that has no budget counted anew in this transaction, and takes it over.</summary>
    public T Edit<T>(int workspaceId, Func<OpsmeterDb, DateTimeOffset, PolicyEdit<T>> edit)
    {
        return TryEdit(workspaceId, edit, null, mostRows: 0, out var result) is null
            ? result
            : throw new InvalidOperationException("An edit within other work cannot wait for its budgets to be counted.");
    }

    /// <summary>Runs an edit of the policy in this transaction and takes it over, unless too much has to be counted for it.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="edit">The edit; run again by another try, and undone where it is not taken over.</param>
    /// <param name="ahead">What was counted for it already.</param>
    /// <param name="mostRows">So many requests may be counted here, inclusive; those that came since <paramref name="ahead"/> are counted in any case.</param>
    /// <param name="result">What the edit came to; only where it was taken over.</param>
    /// <returns>What has to be counted first; null where it was taken over, or changed nothing.</returns>
    public CountTask? TryEdit<T>(
        int workspaceId, Func<OpsmeterDb, DateTimeOffset, PolicyEdit<T>> edit, CountedAhead? ahead, int mostRows, out T result)
    {
        using var db = new OpsmeterDb(_options);
        db.Database.UseTransaction(Ledger.Transaction);
        Ledger.Transaction.Save(EditSavepoint);
        var (told, isChanged, budgets) = edit(db, Now);
        result = told;
        if (!isChanged)
        {
            return null;
        }

        db.SaveChanges();
        if (!_workspaces.TryGetValue(workspaceId, out var workspace))
        {
            Facts.Load(workspaceId);
            _workspaces[workspaceId] = WorkspaceState.Load(workspaceId, Ledger, _prices, Facts.HoursOf(workspaceId), 0, _time, Now);
            Changes(workspaceId).PolicyChanged = true;
            return null;
        }

        var reload = workspace.Plan(_prices, Facts.HoursOf(workspaceId), budgets, Now);
        var counted = ahead is not null && ahead.Session == this && Ledger.HasTakenBackSince(ahead.Place) ? reload.With(ahead) : null;
        if (counted is null && reload.Counted.Count > 0 && IsMuch(workspaceId, reload.CountedSince, mostRows))
        {
            Ledger.Transaction.Rollback(EditSavepoint);
            return new CountTask(this, workspaceId, reload, Now);
        }

        var changes = Changes(workspaceId);
        changes.PolicyChanged = true;
        changes.Names = workspace.Pipeline.Policy.Budgets.ToDictionary(budget => budget.Id, budget => budget.Name, StringComparer.Ordinal);
        ForgetRunningWindows(db, workspaceId, budgets);
        changes.Transitions.AddRange(counted is null ? workspace.Take(reload, Now) : workspace.TakeOn(counted, ahead!.Place, Now));
        return null;
    }

    /// <summary>Writes what was told, or what became of it.</summary>
    public T Tell<T>(int workspaceId, Func<OpsmeterDb, DateTimeOffset, T> tell)
    {
        using var db = new OpsmeterDb(_options);
        db.Database.UseTransaction(Ledger.Transaction);
        var result = tell(db, Now);
        db.SaveChanges();
        Changes(workspaceId).Alerts = true;
        return result;
    }

    // What is no longer there row by row is read from the columns, which takes longest.
    private bool IsMuch(int workspaceId, DateTimeOffset since, int most) =>
        since < Ledger.Start.OccurredBefore || Ledger.CountSince(workspaceId, since, most + 1) > most;

    private void ForgetRunningWindows(OpsmeterDb db, int workspaceId, IReadOnlyCollection<string>? budgets)
    {
        var ticks = Now.UtcTicks;
        var running = db.Meters.Where(row => row.WorkspaceId == workspaceId && row.WindowEndTicks > ticks);
        (budgets is null ? running : running.Where(row => budgets.Contains(row.BudgetId))).ExecuteDelete();
    }
}
