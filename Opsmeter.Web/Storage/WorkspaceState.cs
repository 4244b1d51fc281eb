using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Storage;

/// <summary>
/// The policy and meters of one workspace, as the writer holds them. Built from the ledger at start, after a failed commit
/// and, for the budgets concerned, after every change of policy: the same code.
/// </summary>
internal sealed class WorkspaceState
{
    private readonly SqliteLedger _ledger;

    private WorkspaceState(int id, SqliteLedger ledger, Pipeline pipeline, PolicyBoard board) =>
        (Id, _ledger, Pipeline, Board) = (id, ledger, pipeline, board);

    public HoldBook Holds => Board.Holds;

    public int Id { get; }

    public Pipeline Pipeline { get; private set; }

    public PolicyBoard Board { get; private set; }

    /// <summary>
    /// Loads a workspace from the ledger; <paramref name="recordedNano"/> is what all its requests cost,
    /// <paramref name="hoursOf"/> reads what to expect of a day.
    /// </summary>
    public static WorkspaceState Load(int id, SqliteLedger ledger, PriceBook prices, Func<TenantSource, HourLookup> hoursOf, long recordedNano, TimeProvider time, DateTimeOffset now)
    {
        var stored = StoredPolicy.Read(ledger, id, prices);
        var policy = stored.Policy;
        var meters = policy.Budgets.Where(budget => budget.Enabled)
            .Select(budget => new BudgetMeters(budget, stored.CountedFrom[budget.Id], Lookup(ledger, id), hoursOf(policy.Settings.TenantFrom)))
            .ToArray();
        RestoreMeters(ledger, id, meters, now);
        RestoreTrails(ledger, id, policy, meters, now);
        var pipeline = new Pipeline(policy, meters, new Usd(recordedNano));
        pipeline.Advance(now);
        var holds = new HoldBook(time);
        foreach (var hold in ledger.Holds(id))
        {
            holds.Put(hold, now);
        }

        return new WorkspaceState(id, ledger, pipeline, BoardOf(policy, meters, holds, ledger.Containments(id, now), now));
    }

    /// <summary>
    /// Reads the policy as it is now in the database. The budgets named are to be counted anew over their whole running window;
    /// null means all.
    /// </summary>
    public PolicyReload Plan(PriceBook prices, Func<TenantSource, HourLookup> hoursOf, IReadOnlyCollection<string>? affected, DateTimeOffset now)
    {
        var old = Pipeline.Budgets.ToDictionary(meters => meters.Budget.Id, StringComparer.Ordinal);
        var stored = StoredPolicy.Read(_ledger, Id, prices);
        var all = new List<BudgetMeters>();
        var counted = new List<(BudgetMeters, DateTimeOffset)>();
        foreach (var budget in stored.Policy.Budgets.Where(budget => budget.Enabled))
        {
            if (affected is not null && !affected.Contains(budget.Id) && old.TryGetValue(budget.Id, out var kept))
            {
                all.Add(kept);
                continue;
            }

            var meters = new BudgetMeters(budget, stored.CountedFrom[budget.Id], Lookup(_ledger, Id), hoursOf(stored.Policy.Settings.TenantFrom));
            all.Add(meters);
            counted.Add((meters, Earlier(meters.WindowAt(now).Start, now - budget.Confirmation.Long)));
        }

        return new PolicyReload(stored, all, counted);
    }

    /// <summary>Counts what is to be counted, which none of the rows that were dropped is part of, and has the policy in force.</summary>
    /// <returns>The changes of state that follow.</returns>
    public IReadOnlyList<Transition> Take(PolicyReload reload, DateTimeOffset now)
    {
        if (reload.Counted.Count > 0)
        {
            foreach (var row in _ledger.ReadCounted(Id, reload.CountedSince))
            {
                Pipeline.Recount(reload.Stored.Policy, reload.Counted, row, now);
            }
        }

        return PutInForce(reload, now);
    }

    /// <summary>Counts what came after a place up to which it was counted, and has the policy in force.</summary>
    /// <returns>The changes of state that follow.</returns>
    public IReadOnlyList<Transition> TakeOn(PolicyReload reload, LedgerPlace place, DateTimeOffset now)
    {
        foreach (var row in _ledger.ReadTakenBackSince(Id, place))
        {
            Pipeline.Recount(reload.Stored.Policy, reload.Counted, row, now, takeBack: true);
        }

        foreach (var row in _ledger.ReadCountedAfter(Id, place))
        {
            Pipeline.Recount(reload.Stored.Policy, reload.Counted, row, now);
        }

        return PutInForce(reload, now);
    }

    /// <summary>Makes the changed windows visible; call after the commit.</summary>
    public void Publish(IEnumerable<(string BudgetId, WindowReading Reading)> readings, DateTimeOffset now)
    {
        foreach (var (budgetId, reading) in readings)
        {
            Board.Find(budgetId)?.Publish(reading, now);
        }
    }

    private static void RestoreMeters(SqliteLedger ledger, int id, BudgetMeters[] meters, DateTimeOffset now)
    {
        var running = ledger.Query(
            "SELECT budget_id, \"key\", window_start_ticks FROM meters WHERE workspace_id = $0 AND window_end_ticks > $1",
            reader => (BudgetId: reader.GetString(0), Key: reader.GetString(1), Start: new DateTimeOffset(reader.GetInt64(2), TimeSpan.Zero)),
            id, now.UtcTicks);
        foreach (var (budgetId, key, start) in running)
        {
            var owner = Array.Find(meters, candidate => candidate.Budget.Id == budgetId);
            if (owner is not null && ledger.FindMeter(id, budgetId, LedgerStatements.KeyOf(key), start) is { } record)
            {
                owner.Restore(record);
            }
        }
    }

    private static void RestoreTrails(SqliteLedger ledger, int id, WorkspacePolicy policy, BudgetMeters[] meters, DateTimeOffset now)
    {
        if (meters.Length == 0)
        {
            return;
        }

        var longest = meters.Max(budget => budget.Budget.Confirmation.Long);
        foreach (var row in ledger.ReadCounted(id, now - longest))
        {
            foreach (var budget in meters)
            {
                if (row.Request.OccurredAt > now - budget.Budget.Confirmation.Long
                    && Pipeline.TryMatch(policy, budget.Budget, row, out var key, out var amount))
                {
                    budget.RestoreTrail(key, row.Request.OccurredAt, amount);
                }
            }
        }
    }

    private List<Transition> PutInForce(PolicyReload reload, DateTimeOffset now)
    {
        var old = Pipeline.Budgets.ToDictionary(meters => meters.Budget.Id, StringComparer.Ordinal);
        var transitions = new List<Transition>();
        foreach (var (meters, _) in reload.Counted)
        {
            var before = old.GetValueOrDefault(meters.Budget.Id)?.Readings()
                .Where(reading => reading.Window.Contains(now))
                .ToDictionary(reading => reading.Key ?? "\0", StringComparer.Ordinal) ?? [];
            meters.EndRecount(
                key => before.TryGetValue(key ?? "\0", out var reading) && KeepsLatch(meters, key, reading, now),
                key => before.TryGetValue(key ?? "\0", out var reading) && !IsRaised(meters, key, reading, now) ? reading.Standing.Released : null,
                key => before.TryGetValue(key ?? "\0", out var reading) ? reading.Standing : default,
                now,
                transitions);
        }

        Pipeline = new Pipeline(reload.Stored.Policy, reload.All, Pipeline.Recorded);
        Board = BoardOf(reload.Stored.Policy, reload.All, Holds, _ledger.Containments(Id, now), now);
        return transitions;
    }

    /// <summary>A raised limit or an increase computes confirmation anew; anything else keeps the latch.</summary>
    private static bool KeepsLatch(BudgetMeters meters, string? key, WindowReading before, DateTimeOffset now) =>
        before.Standing.Confirmed && !IsRaised(meters, key, before, now);

    private static bool IsRaised(BudgetMeters meters, string? key, WindowReading before, DateTimeOffset now)
    {
        var limits = meters.Budget.LimitsFor(key, meters.WindowAt(now));
        return IsRaised(limits.Usd?.Nano, before.Limits.Usd?.Nano) || IsRaised(limits.Requests, before.Limits.Requests)
            || IsRaised(limits.Tokens, before.Limits.Tokens);

        static bool IsRaised(long? limit, long? old) => (limit ?? long.MaxValue) > (old ?? long.MaxValue);
    }

    private static PolicyBoard BoardOf(
        WorkspacePolicy policy, IEnumerable<BudgetMeters> meters, HoldBook holds, IReadOnlyList<Containment> containments, DateTimeOffset now)
    {
        var boards = new List<BudgetBoard>();
        foreach (var budget in meters)
        {
            var board = new BudgetBoard(budget.Budget);
            foreach (var reading in budget.Readings())
            {
                board.Publish(reading, now);
            }

            boards.Add(board);
        }

        return new PolicyBoard(policy, boards, holds, containments);
    }

    private static MeterLookup Lookup(SqliteLedger ledger, int id) =>
        (budgetId, key, windowStart) => ledger.FindMeter(id, budgetId, key, windowStart);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
