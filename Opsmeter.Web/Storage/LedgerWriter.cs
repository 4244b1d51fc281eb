using Microsoft.Data.Sqlite;
using Opsmeter.Core.Pricing;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Storage;

/// <summary>
/// The one writer of this process. Takes whatever waits, makes one transaction of it, and answers all its callers once it
/// is on disk: under load groups grow, alone a request pays one fsync.
/// </summary>
public sealed partial class LedgerWriter(
    StorageOptions options, Boards boards, FactStore facts, LedgerHistory history, LedgerFeed feed, LedgerHealth health, WriterPause pause, TimeProvider time, ILogger<LedgerWriter> logger)
    : BackgroundService
{
    // How long one failed write speaks for the next, where no row comes that could show otherwise.
    private static readonly TimeSpan FailedFor = TimeSpan.FromSeconds(15);

    // In milliseconds, after one group.
    private const int MostRest = 20;

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
        var session = new LedgerSession(options, PriceBook.BuiltIn, boards, facts, time);
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
