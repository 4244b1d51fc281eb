using Microsoft.EntityFrameworkCore;
using Opsmeter.Core;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Storage;

/// <summary>
/// The writer's memory: the ledger's connection, the workspaces, and what the open transaction has changed so far. Thrown
/// away whole when a transaction fails, and made again from the ledger.
/// </summary>
internal sealed class LedgerSession : IDisposable
{
    private const string EditSavepoint = "edit";

    private readonly PriceBook _prices;
    private readonly Boards _boards;
    private readonly Dictionary<int, WorkspaceState> _workspaces = [];
    private readonly Dictionary<int, GroupChanges> _changes = [];
    private readonly DbContextOptions<OpsmeterDb> _options;
    private DateTimeOffset _advanced;

    public LedgerSession(StorageOptions storage, PriceBook prices, Boards boards, FactStore store, DateTimeOffset now)
    {
        _advanced = now;
        (_prices, _boards, Now) = (prices, boards, now);
        Ledger = new SqliteLedger(storage.EffectiveConnectionString);
        Facts = new LedgerFacts(Ledger, store, storage.SegmentRows);
        _options = new DbContextOptionsBuilder<OpsmeterDb>().UseSqlite(Ledger.Connection).Options;
        foreach (var id in Ledger.Query("SELECT id FROM workspaces", reader => reader.GetInt32(0)))
        {
            Facts.Load(id);
            _workspaces[id] = WorkspaceState.Load(id, Ledger, prices, Facts.HoursOf(id), store[id].CostNano, now);
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

    /// <summary>Stores one row, counts it and evaluates what it moved.</summary>
    public LedgerAnswer Append(int workspaceId, LedgerRow row)
    {
        var workspace = _workspaces[workspaceId];
        var answer = Take(workspace, row);
        if (answer.Outcome != LedgerOutcome.Overflow)
        {
            EndHold(workspace, row.Row.Request.ExternalRequestId);
        }

        return answer;
    }

    private LedgerAnswer Take(WorkspaceState workspace, LedgerRow row)
    {
        if (row.Supersede)
        {
            return AppendRevision(workspace, row);
        }

        if (WouldOverflow(workspace, row))
        {
            return new LedgerAnswer(LedgerOutcome.Overflow, 0, null);
        }

        if (!Ledger.TryInsert(workspace.Id, row, 1, Now, out var stored))
        {
            return AppendRevision(workspace, row);
        }

        Count(workspace, row.Row, stored, null, null);
        return new LedgerAnswer(LedgerOutcome.Stored, 1, row.Row.Cost);
    }

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
        workspace.Holds.Put(hold);
        Ledger.Save(workspaceId, hold, Now);
        Changes(workspaceId).Held.UnionWith(hold.Places.Select(place => place.BudgetId));
        return new HeldDecision(decision.WithHeld(hold.Amount), hold);
    }

    /// <summary>Ends the block of a budget's key.</summary>
    /// <returns>False where nothing is confirmed.</returns>
    public bool ReleaseBlock(int workspaceId, string budgetId, string? key) =>
        _workspaces[workspaceId].Pipeline.Budgets.FirstOrDefault(meters => meters.Budget.Id == budgetId) is { } meters
        && meters.Release(key, Now, Changes(workspaceId).Transitions);

    /// <summary>Tells that a key's running window is forecast to end past a ratio of its limit.</summary>
    /// <returns>True where it is told now; false where it was told, or is no longer so.</returns>
    public bool TellForecast(int workspaceId, string budgetId, string? key, Usd forecast, decimal ratio)
    {
        if (_workspaces[workspaceId].Pipeline.Budgets.FirstOrDefault(each => each.Budget.Id == budgetId) is not { } meters
            || !Ledger.AlertForecast(workspaceId, meters.Budget, meters.ReadAt(key, Now), forecast, ratio, Now))
        {
            return false;
        }

        Changes(workspaceId).Alerts = true;
        return true;
    }

    /// <summary>Tells that a running window's limit burns too fast, before any threshold.</summary>
    /// <returns>True where it is told now.</returns>
    public bool TellBurn(int workspaceId, string budgetId, string? key, FastBurn burn)
    {
        var isTold = _workspaces[workspaceId].Pipeline.Budgets.FirstOrDefault(each => each.Budget.Id == budgetId) is { } meters
            && Ledger.AlertBurn(workspaceId, meters.Budget, meters.ReadAt(key, Now), burn, Now);
        Changes(workspaceId).Alerts |= isTold;
        return isTold;
    }

    /// <summary>Tells that a key's running window has used a ratio of its limit that its budget asks to be told of.</summary>
    /// <returns>True where it is told now.</returns>
    public bool TellThreshold(int workspaceId, string budgetId, string? key, decimal ratio)
    {
        var isTold = _workspaces[workspaceId].Pipeline.Budgets.FirstOrDefault(each => each.Budget.Id == budgetId) is { } meters
            && Ledger.AlertThreshold(workspaceId, meters.Budget, meters.ReadAt(key, Now), ratio, Now);
        Changes(workspaceId).Alerts |= isTold;
        return isTold;
    }

    /// <summary>Tells that a key of a budget spends many times what is expected of it.</summary>
    /// <returns>True where it is told now.</returns>
    public bool TellSurge(int workspaceId, string budgetId, string key, Surge surge)
    {
        var isTold = _workspaces[workspaceId].Pipeline.Budgets.FirstOrDefault(each => each.Budget.Id == budgetId) is { } meters
            && Ledger.AlertSurge(workspaceId, meters.Budget, meters.ReadAt(key, Now), surge, Now);
        Changes(workspaceId).Alerts |= isTold;
        return isTold;
    }

    /// <summary>Tells what was noticed without a budget.</summary>
    /// <returns>True where it is told now.</returns>
    public bool TellSignal(int workspaceId, Signal signal)
    {
        var isTold = Ledger.AlertSignal(workspaceId, signal, Now);
        Changes(workspaceId).Alerts |= isTold;
        return isTold;
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

    /// <summary>Takes a counted row back.</summary>
    /// <returns>False when there is no such row, or it counts no longer.</returns>
    public bool Void(int workspaceId, string externalId, int revision, string actor, string reason)
    {
        var workspace = _workspaces[workspaceId];
        var row = Ledger.Revisions(workspaceId, externalId).Find(candidate => candidate.Revision == revision);
        if (row.Seq == 0 || row.Disposition != Disposition.Counted)
        {
            return false;
        }

        Facts.Add(workspaceId, row, Ledger.Correct(workspaceId, row.Seq, Disposition.Voided, Now, actor, reason));
        Changes(workspaceId).Transitions.AddRange(workspace.Pipeline.TakeBack(Decode(externalId, row), Now));
        return true;
    }

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
            _workspaces[workspaceId] = WorkspaceState.Load(workspaceId, Ledger, _prices, Facts.HoursOf(workspaceId), 0, Now);
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

    /// <summary>True where something is held.</summary>
    public bool HasHolds => _workspaces.Values.Any(workspace => !workspace.Holds.IsEmpty);

    /// <summary>The workspaces there are.</summary>
    public IEnumerable<int> Workspaces => _workspaces.Keys;

    public void Dispose() => Ledger.Dispose();

    /// <summary>The id is there, or the row says that it replaces it: a duplicate, a conflict or a replacement.</summary>
    private LedgerAnswer AppendRevision(WorkspaceState workspace, LedgerRow row)
    {
        var externalId = row.Row.Request.ExternalRequestId;
        var kept = Ledger.Revisions(workspace.Id, externalId);
        var probe = Ledger.Probe(workspace.Id, row);
        foreach (var other in kept)
        {
            if (other.HasSameBillingContent(probe))
            {
                return new LedgerAnswer(LedgerOutcome.Duplicate, other.Revision, other.Cost);
            }
        }

        if (WouldOverflow(workspace, row))
        {
            return new LedgerAnswer(LedgerOutcome.Overflow, 0, null);
        }

        var latest = kept.Count > 0 ? kept[^1] : (StoredRow?)null;
        var replaces = row.Supersede && latest is { Disposition: Disposition.Counted } ? latest : null;
        var revised = replaces is { } earlier && !row.OccurredAtGiven ? At(row, earlier.OccurredAt) : row;
        if (!Ledger.TryInsert(workspace.Id, revised, (latest?.Revision ?? 0) + 1, Now, out var stored))
        {
            throw new InvalidOperationException("A revision of a request appeared while it was being written.");
        }

        if (replaces is { } old)
        {
            Facts.Add(workspace.Id, old, Ledger.Correct(workspace.Id, old.Seq, Disposition.Replaced, Now, "sender", null));
        }

        Count(workspace, revised.Row, stored, replaces, externalId);
        var outcome = latest is null ? LedgerOutcome.Stored : row.Supersede ? LedgerOutcome.Superseded : LedgerOutcome.Conflict;
        return new LedgerAnswer(outcome, stored.Revision, revised.Row.Cost);
    }

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

    private void Count(WorkspaceState workspace, PricedRow row, in StoredRow stored, StoredRow? replaces, string? externalId)
    {
        Facts.Add(workspace.Id, stored, 0);
        var changes = Changes(workspace.Id);
        changes.Rows++;
        if (stored is { Environment: DeploymentEnvironment.Prod, DataMode: DataMode.Real })
        {
            changes.Production = (changes.Production.Requests + 1, changes.Production.Cost + (stored.Cost ?? Usd.Zero));
        }

        var old = replaces is { } replaced ? Decode(externalId!, replaced) : null;
        var transitions = workspace.Pipeline.Report(row, old, Now, _boards.EnforcementOf(workspace.Id).Asks, changes.Enforced);
        if (transitions.Count > 0)
        {
            changes.Transitions.AddRange(transitions);
        }
    }

    private static bool WouldOverflow(WorkspaceState workspace, LedgerRow row)
    {
        var cost = row.Row.Cost ?? workspace.Pipeline.Policy.AtCeiling(row.Row.Request.Usage);
        return cost.Nano > long.MaxValue - workspace.Pipeline.Recorded.Nano;
    }

    private PricedRow Decode(string externalId, in StoredRow row) => new(
        new LlmRequest
        {
            ExternalRequestId = externalId,
            Provider = Ledger.TextOf(row.ProviderSentId),
            Model = Ledger.TextOf(row.ModelId),
            EndpointTag = Ledger.TextOf(row.EndpointId),
            PromptVersion = Ledger.TextOf(row.VersionId),
            UserId = row.UserId is { } user ? Ledger.TextOf(user) : null,
            TenantId = row.TenantId is { } tenant ? Ledger.TextOf(tenant) : null,
            ApiKey = row.KeyId is { } key ? Ledger.TextOf(key) : null,
            Environment = row.Environment,
            DataMode = row.DataMode,
            ServiceTier = row.ServiceTier,
            Usage = row.Usage,
            OccurredAt = row.OccurredAt,
        },
        Ledger.TextOf(row.ProviderId),
        row.Cost);

    private static LedgerRow At(LedgerRow row, DateTimeOffset occurredAt) => new()
    {
        Row = row.Row with { Request = row.Row.Request with { OccurredAt = occurredAt } },
        Rates = row.Rates,
        Supersede = row.Supersede,
        OccurredAtGiven = row.OccurredAtGiven,
        ReceivedAt = row.ReceivedAt,
        Metadata = row.Metadata,
        ProviderResponseId = row.ProviderResponseId,
        Warnings = row.Warnings,
    };

    // What is no longer there row by row is read from the columns, which takes longest.
    private bool IsMuch(int workspaceId, DateTimeOffset since, int most) =>
        since < Ledger.Start.OccurredBefore || Ledger.CountSince(workspaceId, since, most + 1) > most;

    private void ForgetRunningWindows(OpsmeterDb db, int workspaceId, IReadOnlyCollection<string>? budgets)
    {
        var ticks = Now.UtcTicks;
        var running = db.Meters.Where(row => row.WorkspaceId == workspaceId && row.WindowEndTicks > ticks);
        (budgets is null ? running : running.Where(row => budgets.Contains(row.BudgetId))).ExecuteDelete();
    }

    private GroupChanges Changes(int workspaceId)
    {
        if (!_changes.TryGetValue(workspaceId, out var changes))
        {
            _changes[workspaceId] = changes = new GroupChanges();
        }

        return changes;
    }

    private sealed class GroupChanges
    {
        public int Rows { get; set; }

        public (int Requests, Usd Cost) Production { get; set; }

        public bool PolicyChanged { get; set; }

        public bool Alerts { get; set; }

        public List<Transition> Transitions { get; } = [];

        /// <summary>How far the callers of the counted rows asked and obeyed.</summary>
        public List<EnforcedRow> Enforced { get; } = [];

        /// <summary>Budgets against which more or less is held.</summary>
        public HashSet<string> Held { get; } = new(StringComparer.Ordinal);

        public List<(string BudgetId, WindowReading Reading)> Readings { get; } = [];

        public List<(long Id, string BudgetName, Transition Transition)> Saved { get; } = [];

        public Dictionary<string, string>? Names { get; set; }
    }
}

/// <summary>What an edit of the policy came to.</summary>
/// <param name="Result">What its caller is told.</param>
/// <param name="IsChanged">False when nothing was changed.</param>
/// <param name="Budgets">The budgets to count anew; null for all.</param>
public sealed record PolicyEdit<T>(T Result, bool IsChanged, IReadOnlyCollection<string>? Budgets);
