using Microsoft.Data.Sqlite;
using Opsmeter.Core;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Pricing;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Storage;

/// <summary>
/// The one writer of this process. Takes whatever waits, makes one transaction of it, and answers all its callers once it
/// is on disk: under load groups grow, alone a request pays one fsync.
/// </summary>
public sealed class LedgerWriter(
    StorageOptions options, Boards boards, FactStore facts, LedgerHistory history, LedgerFeed feed, LedgerHealth health, WriterPause pause, TimeProvider time, ILogger<LedgerWriter> logger)
    : BackgroundService
{
    // How long one failed write speaks for the next, where no row comes that could show otherwise.
    private static readonly TimeSpan FailedFor = TimeSpan.FromSeconds(15);

    // In milliseconds, after one group.
    private const int MostRest = 20;

    // A tenth of a second's work.
    private const int MostCountedAtOnce = 20_000;
    private const int MostTries = 5;

    // One after the other: each reads as much of the ledger as a replay does.
    private readonly SemaphoreSlim _counting = new(1);
    private readonly WriteQueue _queue = new(options.MaxQueuedRows, time, TimeProvider.System);
    private readonly Cadence _advance = new(TimeSpan.FromSeconds(1), time);
    private readonly Cadence _saveEnforcement = new(TimeSpan.FromSeconds(5), time);
    private readonly Cadence _sweep = new(TimeSpan.FromMinutes(1), time);
    private CancellationToken _stopping;
    private LedgerSession? _session;
    private volatile FailedWrite? _failed;
    private WriterFigures _figures = new(0, 0, TimeSpan.Zero, TimeSpan.Zero);

    /// <summary>Rows that wait now.</summary>
    public int QueuedRows => _queue.Rows;

    /// <summary>What was written since the start.</summary>
    public WriterFigures Figures => Volatile.Read(ref _figures);

    /// <summary>Why rows are refused now; null where they are taken.</summary>
    public string? Trouble => _queue.IsStuck ? "The disk does not answer."
        : _failed is { } failed && time.GetElapsedTime(failed.At) < FailedFor ? $"The last write failed: {failed.Why}"
        : null;

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

    /// <summary>Tells those who wait that the disk does not answer, where it does not.</summary>
    internal void TellStuck()
    {
        if (_queue.TellStuck() is > 0 and var told)
        {
            Log.WriterStuck(logger, (int)WriteQueue.Patience.TotalSeconds, told);
        }
    }

    /// <summary>Opens the ledger; requests are taken from then on.</summary>
    public void Open()
    {
        var started = time.GetTimestamp();
        _session = Reopen();
        Log.LedgerOpened(logger, options.DataDirectory, (long)time.GetElapsedTime(started).TotalMilliseconds);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        // Whatever was taken is answered before the process ends; a change of the policy that is still counted was not taken.
        _queue.Complete();
        await base.StopAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _session?.Dispose();
        _counting.Dispose();
        base.Dispose();
    }

    // On a thread of its own: it blocks while the disk does, and the pool's threads have requests to read and answers to send.
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _stopping = stoppingToken;
        return Task.Factory.StartNew(WriteAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private void WriteAll()
    {
        // What was just opened has nothing that is over; whoever waited for the start comes first.
        _advance.TryBegin();
        var group = new List<LedgerWork>();
        var sealer = new SegmentSealer(this, facts, logger);
        while (true)
        {
            if (!_queue.WaitAsync(_advance.Rest).GetAwaiter().GetResult())
            {
                SaveEnforcement();
                return;
            }

            while (_queue.TakeGroup(group))
            {
                Run(group);
                group.Clear();
                LetOthersWrite();
                sealer.SealWhatIsFull(_session?.Workspaces ?? []);
            }

            if (_advance.TryBegin())
            {
                Show(Volatile.Read(ref _session)?.Advance(time.GetUtcNow()) ?? []);
                SweepHolds();
                if (_saveEnforcement.TryBegin())
                {
                    SaveEnforcement();
                }
            }
        }
    }

    // Whoever changes an account or ends a session writes beside this thread, and so do checkpoints.
    private void LetOthersWrite()
    {
        pause.Rest();
        for (var rested = 0; rested < MostRest && BusyWait.IsAnyone; rested++)
        {
            BusyWait.RestBriefly();
        }
    }

    private async Task<CountedAhead> CountAheadAsync(CountTask task)
    {
        try
        {
            await _counting.WaitAsync(_stopping);
            try
            {
                return await Task.Run(() => task.Run(history, _stopping), _stopping);
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

    private Task<T> EnqueueAsync<T>(Func<LedgerSession, T> apply, int rows = 1, bool isAlone = false)
    {
        var work = new LedgerWork<T>(apply, rows, isAlone);
        _queue.Add(work);
        return work.Answer;
    }

    private void Run(List<LedgerWork> group)
    {
        _queue.Begin(group);
        Try(group);
        _queue.Done();
    }

    private void Try(List<LedgerWork> group)
    {
        try
        {
            Write(group);
        }
        catch (Exception error)
        {
            Recover(group, error);
            return;
        }

        foreach (var work in group)
        {
            work.Complete();
        }
    }

    private void Write(List<LedgerWork> group)
    {
        var started = time.GetTimestamp();
        using var traced = LedgerTraces.Begin(group.Count);
        var session = _session ??= Reopen();
        session.Begin(time.GetUtcNow());
        _queue.Step();
        foreach (var work in group)
        {
            work.Apply(session);
            _queue.Step();
        }

        session.Flush();
        _queue.Step();
        var shown = session.Commit();
        var rows = shown.Sum(change => change.Rows);
        traced?.SetTag("opsmeter.rows", rows);
        if (rows > 0)
        {
            _failed = null;
        }

        Volatile.Write(ref _figures, _figures.With(rows, time.GetElapsedTime(started)));
        Show(shown);
    }

    /// <summary>
    /// Throws the session away with whatever it half did. One bad piece of work must not fail its neighbours, so a group
    /// is tried again piece by piece unless the store itself is the trouble.
    /// </summary>
    private void Recover(List<LedgerWork> group, Exception error)
    {
        _session?.Dispose();
        _session = null;
        try
        {
            _session = Reopen();
        }
        catch (Exception reopening)
        {
            Log.ReopenFailed(logger, reopening);
        }

        if (_session is not null && group.Count > 1)
        {
            foreach (var work in group.Where(work => !work.IsAnswered))
            {
                Try([work]);
            }

            return;
        }

        Log.TransactionFailed(logger, group.Count, error);
        if (error is SqliteException or IOException)
        {
            _failed = new FailedWrite(time.GetTimestamp(), error.Message);
        }

        foreach (var work in group)
        {
            work.Fail(error is OverflowException
                ? error
                : new LedgerUnavailableException("The store could not take the write.", error));
        }
    }

    // What is over counts no longer whether it is swept or not: only the room is won back.
    private void SaveEnforcement()
    {
        if (_session is not null)
        {
            Run([new LedgerWork<int>(session => session.SaveEnforcement())]);
        }
    }

    private void SweepHolds()
    {
        if (_session is { HasHolds: true } && _sweep.TryBegin())
        {
            Run([new LedgerWork<int>(session => session.SweepHolds())]);
        }
    }

    private LedgerSession Reopen()
    {
        var session = new LedgerSession(options, PriceBook.BuiltIn, boards, facts, time.GetUtcNow());
        health.Start = session.Ledger.Start;
        if (session.Ledger.HeadFault is { } fault)
        {
            Log.NotWhatWasCommitted(logger, fault);
            health.Note(fault);
        }

        return session;
    }

    private void Show(IReadOnlyList<LedgerChange> changes)
    {
        foreach (var change in changes)
        {
            try
            {
                feed.Publish(change);
            }
            catch (Exception error)
            {
                Log.WatcherFailed(logger, error);
            }
        }
    }

    private sealed record FailedWrite(long At, string Why);
}
