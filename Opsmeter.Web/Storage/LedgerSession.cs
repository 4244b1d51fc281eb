using Microsoft.EntityFrameworkCore;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Pricing;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Storage;

/// <summary>
/// The writer's memory: the ledger's connection, the workspaces, and what the open transaction has changed so far. Thrown
/// away whole when a transaction fails, and made again from the ledger.
/// </summary>
internal sealed partial class LedgerSession : IDisposable
{
    private readonly PriceBook _prices;
    private readonly Boards _boards;
    private readonly Dictionary<int, WorkspaceState> _workspaces = [];
    private readonly Dictionary<int, GroupChanges> _changes = [];
    private readonly DbContextOptions<OpsmeterDb> _options;
    private readonly TimeProvider _time;
    private DateTimeOffset _advanced;

    public LedgerSession(StorageOptions storage, PriceBook prices, Boards boards, FactStore store, TimeProvider time)
    {
        var now = time.GetUtcNow();
        (_prices, _boards, _time, _advanced, Now) = (prices, boards, time, now, now);
        Ledger = new SqliteLedger(storage.EffectiveConnectionString);
        Facts = new LedgerFacts(Ledger, store, storage.SegmentRows);
        _options = new DbContextOptionsBuilder<OpsmeterDb>().UseSqlite(Ledger.Connection).Options;
        foreach (var id in Ledger.Query("SELECT id FROM workspaces", reader => reader.GetInt32(0)))
        {
            Facts.Load(id);
            _workspaces[id] = WorkspaceState.Load(id, Ledger, prices, Facts.HoursOf(id), store[id].CostNano, time, now);
            boards.Swap(id, _workspaces[id].Board);
            boards.EnforcementOf(id).RestoreOnce(() => Ledger.Enforcement(id));
        }
    }

    public SqliteLedger Ledger { get; }

    /// <summary>What reports read of the rows.</summary>
    public LedgerFacts Facts { get; }

    /// <summary>The server's clock, read once a transaction.</summary>
    public DateTimeOffset Now { get; private set; }

    public void Begin(DateTimeOffset now)
    {
        Now = now;
        Ledger.Begin();
    }

    /// <summary>Ends the block of a budget's key.</summary>
    /// <returns>False where nothing is confirmed.</returns>
    public bool ReleaseBlock(int workspaceId, string budgetId, string? key) =>
        MetersOf(workspaceId, budgetId) is { } meters && meters.Release(key, Now, Changes(workspaceId).Transitions);

    /// <summary>Writes down who asked and obeyed since the last time, and forgets what is over.</summary>
    public int SaveEnforcement()
    {
        foreach (var (id, workspace) in _workspaces)
        {
            var book = _boards.EnforcementOf(id);
            var running = workspace.Pipeline.Budgets.ToDictionary(meters => meters.Budget.Id, meters => meters.WindowAt(Now).Start, StringComparer.Ordinal);
            book.TakeBlocked();
            foreach (var place in book.Forget(budgetId => running.TryGetValue(budgetId, out var start) ? start : null))
            {
                Ledger.Forget(id, place);
            }

            foreach (var (place, window, total) in book.TakeChanges())
            {
                Ledger.Save(id, place, window, total);
            }

            book.Asks.Sweep(Now);
        }

        return 0;
    }

    /// <summary>Writes the sums that the transaction moved.</summary>
    public void Flush()
    {
        foreach (var (id, workspace) in _workspaces)
        {
            foreach (var meters in workspace.Pipeline.Budgets)
            {
                if (!meters.HasChanges)
                {
                    continue;
                }

                foreach (var (record, reading) in meters.DrainChanges())
                {
                    Ledger.Save(id, record);
                    Changes(id).Readings.Add((record.BudgetId, reading));
                }
            }
        }

        foreach (var (id, changes) in _changes)
        {
            foreach (var transition in changes.Transitions)
            {
                var budget = _workspaces[id].Board.Find(transition.BudgetId)?.Budget;
                var name = budget?.Name ?? changes.Names?.GetValueOrDefault(transition.BudgetId) ?? "";
                changes.Saved.Add((Ledger.Save(id, name, transition, Now), name, transition));

                // A budget that was deleted is nobody's news any more.
                changes.Alerts |= budget is not null && !Ledger.Alert(id, budget, transition, Now).IsEmpty;
            }
        }
    }

    /// <summary>Commits, then shows: boards first, then what changed.</summary>
    public IReadOnlyList<LedgerChange> Commit()
    {
        Ledger.Commit();
        Facts.Publish();
        var shown = new List<LedgerChange>();
        foreach (var (id, changes) in _changes)
        {
            _workspaces[id].Publish(changes.Readings, Now);
            _boards.EnforcementOf(id).Add(changes.Enforced);
            if (changes.PolicyChanged)
            {
                _boards.Swap(id, _workspaces[id].Board);
            }

            shown.Add(new LedgerChange
            {
                WorkspaceId = id,
                At = Now,
                Rows = changes.Rows,
                Production = changes.Production,
                Transitions = changes.Saved,
                Budgets = changes.Readings.Select(reading => reading.BudgetId).Concat(changes.Held).ToHashSet(StringComparer.Ordinal),
                PolicyChanged = changes.PolicyChanged,
                AlertsChanged = changes.Alerts,
            });
        }

        _changes.Clear();
        return shown;
    }

    /// <summary>Ends the windows and containments that are over.</summary>
    public IReadOnlyList<LedgerChange> Advance(DateTimeOffset now)
    {
        var since = _advanced;
        _advanced = now;
        var ended = new List<LedgerChange>();
        foreach (var (id, workspace) in _workspaces)
        {
            var budgets = workspace.Pipeline.Advance(now).Select(meters => meters.Budget.Id).ToHashSet(StringComparer.Ordinal);
            foreach (var budgetId in budgets)
            {
                workspace.Board.Find(budgetId)?.DropEnded(now);
            }

            var isContainmentOver = workspace.Board.Containments.Any(each => each.Until > since && each.Until <= now);
            if (budgets.Count > 0 || isContainmentOver)
            {
                ended.Add(new LedgerChange { WorkspaceId = id, At = now, Budgets = budgets, PolicyChanged = isContainmentOver });
            }
        }

        return ended;
    }

    /// <summary>The workspaces there are.</summary>
    public IEnumerable<int> Workspaces => _workspaces.Keys;

    public void Dispose() => Ledger.Dispose();

    private BudgetMeters? MetersOf(int workspaceId, string budgetId) =>
        _workspaces[workspaceId].Pipeline.Budgets.FirstOrDefault(meters => meters.Budget.Id == budgetId);

    private GroupChanges Changes(int workspaceId)
    {
        if (!_changes.TryGetValue(workspaceId, out var changes))
        {
            _changes[workspaceId] = changes = new GroupChanges();
        }

        return changes;
    }
}
