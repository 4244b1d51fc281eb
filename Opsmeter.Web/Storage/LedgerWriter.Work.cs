using Microsoft.Data.Sqlite;
using Opsmeter.Core;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Decisions;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Storage;

// What is asked of the writer: each waits for its group, and is answered once that is on disk.
public sealed partial class LedgerWriter
{
    // A tenth of a second's work.
    private const int MostCountedAtOnce = 20_000;
    private const int MostTries = 5;

    // One after the other: each reads as much of the ledger as a replay does.
    private readonly SemaphoreSlim _counting = new(1);

    /// <summary>Stores rows together and says what became of each, once they are on disk.</summary>
    /// <exception cref="LedgerUnavailableException">The queue is full or the store failed; nothing was kept.</exception>
    public Task<LedgerAnswer[]> AppendAsync(int workspaceId, IReadOnlyList<LedgerRow> rows) => EnqueueAsync(
        session =>
        {
            var answers = new LedgerAnswer[rows.Count];
            for (var i = 0; i < answers.Length; i++)
            {
                answers[i] = session.Append(workspaceId, rows[i]);
                _queue.Step();
            }

            return answers;
        },
        rows.Count);

    /// <summary>Decides and holds what the call may cost, in one step; on disk when it returns.</summary>
    /// <exception cref="LedgerUnavailableException">The queue is full or the store failed; nothing is held.</exception>
    public Task<HeldDecision> DecideAsync(int workspaceId, DecisionQuery query, HoldAsk ask) =>
        EnqueueAsync(session => session.Decide(workspaceId, query, ask));

    /// <summary>Ends a hold.</summary>
    /// <returns>False where there is none with this id.</returns>
    public Task<bool> ReleaseHoldAsync(int workspaceId, string externalId) => EnqueueAsync(session => session.Release(workspaceId, externalId));

    /// <summary>Ends the expired holds of a budget's key that stay held, and records who did.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> ReleaseUnsettledAsync(int workspaceId, string budgetId, string? key, string actor, string reason) => EnqueueAsync(
        session =>
        {
            var released = session.ReleaseUnsettled(workspaceId, budgetId, key);
            return released == 0 ? 0 : session.Edit(workspaceId, (db, now) =>
            {
                db.Audit.Add(new AuditRow
                {
                    WorkspaceId = workspaceId, AtTicks = now.UtcTicks, Actor = actor, Action = "holds.release",
                    Target = key is null ? budgetId : $"{budgetId} {key}", Before = $"{released} unsettled holds", After = reason,
                });
                return new PolicyEdit<int>(released, IsChanged: true, Budgets: []);
            });
        },
        isAlone: true);

    /// <summary>Tells that a key's running window has used a ratio of its limit, once.</summary>
    /// <returns>True where it is told now.</returns>
    public Task<bool> TellThresholdAsync(int workspaceId, string budgetId, string? key, decimal ratio) =>
        EnqueueAsync(session => session.TellThreshold(workspaceId, budgetId, key, ratio));

    /// <summary>Tells that a key's running window is forecast to end past a ratio of its limit, once.</summary>
    /// <returns>True where it is told now.</returns>
    public Task<bool> TellForecastAsync(int workspaceId, string budgetId, string? key, Usd forecast, decimal ratio) =>
        EnqueueAsync(session => session.TellForecast(workspaceId, budgetId, key, forecast, ratio));

    /// <summary>Tells that a running window's limit burns too fast, once and before any threshold.</summary>
    /// <returns>True where it is told now.</returns>
    public Task<bool> TellBurnAsync(int workspaceId, string budgetId, string? key, FastBurn burn) =>
        EnqueueAsync(session => session.TellBurn(workspaceId, budgetId, key, burn));

    /// <summary>Tells that a key of a budget spends many times what is expected of it, once a window.</summary>
    /// <returns>True where it is told now.</returns>
    public Task<bool> TellSurgeAsync(int workspaceId, string budgetId, string key, Surge surge) =>
        EnqueueAsync(session => session.TellSurge(workspaceId, budgetId, key, surge));

    /// <summary>Tells what was noticed of an endpoint or of all traffic, once a day.</summary>
    /// <returns>True where it is told now.</returns>
    public Task<bool> TellSignalAsync(int workspaceId, Signal signal) => EnqueueAsync(session => session.TellSignal(workspaceId, signal));

    /// <summary>Ends the block of a budget's key, and records who did.</summary>
    /// <returns>False where nothing is confirmed.</returns>
    public Task<bool> ReleaseBlockAsync(int workspaceId, string budgetId, string? key, string actor, string reason) => EnqueueAsync(
        session => session.ReleaseBlock(workspaceId, budgetId, key) && session.Edit(workspaceId, (db, now) =>
        {
            db.Audit.Add(new AuditRow
            {
                WorkspaceId = workspaceId, AtTicks = now.UtcTicks, Actor = actor, Action = "budget.release", Target = budgetId,
                Before = key is null ? null : System.Text.Json.JsonSerializer.Serialize(new { key }),
                After = System.Text.Json.JsonSerializer.Serialize(new { key, reason }),
            });
            return new PolicyEdit<bool>(true, IsChanged: true, Budgets: []);
        }),
        isAlone: true);

    /// <summary>
    /// Edits the policy; in force, counted and on disk when it returns. Where many requests have to be counted for it, that is
    /// done beside the writer, and the edit waits: it is run once to see what is to be counted, undone, and run again.
    /// </summary>
    /// <exception cref="LedgerUnavailableException">The store failed, or other changes kept coming while this one was counted.</exception>
    public async Task<T> EditAsync<T>(int workspaceId, Func<OpsmeterDb, DateTimeOffset, PolicyEdit<T>> edit)
    {
        CountedAhead? ahead = null;
        for (var tried = 0; tried < MostTries; tried++)
        {
            var (first, result) = await EnqueueAsync(
                session =>
                {
                    var task = session.TryEdit(workspaceId, edit, ahead, MostCountedAtOnce, out var told);
                    return (task, told);
                },
                isAlone: true);
            if (first is null)
            {
                return result;
            }

            // Of no use where something that it depends on is edited until it is there: then it is counted again.
            ahead = await CountAheadAsync(first);
        }

        throw new LedgerUnavailableException("Other changes of the policy kept coming while this one was counted. Send it again.");
    }

    /// <summary>Writes what was told, or what became of it; nothing of the policy.</summary>
    /// <returns>What the function returns, once it is on disk.</returns>
    public Task<T> TellAsync<T>(int workspaceId, Func<OpsmeterDb, DateTimeOffset, T> tell) =>
        EnqueueAsync(session => session.Tell(workspaceId, tell), isAlone: true);

    /// <summary>Takes a counted row back, and records who did.</summary>
    /// <returns>False when there is no such row, or it counts no longer.</returns>
    public Task<bool> VoidAsync(int workspaceId, string externalId, int revision, string actor, string reason) => EnqueueAsync(
        session => session.Void(workspaceId, externalId, revision, actor, reason)
            && session.Edit(workspaceId, (db, now) =>
            {
                db.Audit.Add(new AuditRow
                {
                    WorkspaceId = workspaceId, AtTicks = now.UtcTicks, Actor = actor, Action = "request.void",
                    Target = $"{externalId}~{revision}", After = reason,
                });
                return new PolicyEdit<bool>(true, IsChanged: true, Budgets: []);
            }),
        isAlone: true);

    /// <summary>Writes and commits a row that changes nothing: proves that the store takes writes and the writer is not stuck.</summary>
    /// <exception cref="LedgerUnavailableException">It does not, or it refused others a moment ago and has taken no row since.</exception>
    public async Task ProbeAsync()
    {
        // On a full disk there may be room for this, and for no row.
        await EnqueueAsync(session => session.Ledger.Touch());
        if (Trouble is { } trouble)
        {
            throw new LedgerUnavailableException(trouble);
        }
    }

    /// <summary>The number that the next segment has.</summary>
    internal Task<long> NextSegmentIdAsync() => EnqueueAsync(session => session.Ledger.NextSegmentId());

    /// <summary>Writes a segment between two groups.</summary>
    /// <returns>False where another has its number, or some of its facts, by now.</returns>
    internal Task<bool> SealAsync(int workspaceId, SegmentColumns segment, FactBoard before) =>
        EnqueueAsync(session => session.Facts.Seal(workspaceId, segment, before), isAlone: true);

    /// <summary>Deletes the oldest rows that arrived before an instant; the columns keep them.</summary>
    /// <exception cref="LedgerUnavailableException">The store failed; nothing was deleted.</exception>
    internal async Task<RetentionStep> DropRowsAsync(DateTimeOffset receivedBefore, int most)
    {
        var step = await EnqueueAsync(session => session.Facts.DropRows(session.Workspaces, receivedBefore, most), isAlone: true);
        health.Start = step.Start;
        return step;
    }

    private async Task<CountedAhead> CountAheadAsync(CountTask task)
    {
        try
        {
            await _counting.WaitAsync(_stopping);
            try
            {
                return await LongWork.RunAsync(() => task.Run(history, _stopping), _stopping);
            }
            finally
            {
                _counting.Release();
            }
        }
        catch (Exception error) when (error is SqliteException or IOException)
        {
            throw new LedgerUnavailableException("The requests that the change has to count could not be read.", error);
        }
        catch (OperationCanceledException error)
        {
            throw new LedgerUnavailableException("Opsmeter is stopping.", error);
        }
    }
}
