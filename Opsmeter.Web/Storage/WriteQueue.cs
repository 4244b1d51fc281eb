using System.Threading.Channels;

namespace Opsmeter.Web.Storage;

/// <summary>
/// What waits for the writer, and what it is busy with. Where the disk does not answer the writer hangs in it and gets no
/// further; who waits is told so after <see cref="Patience"/>, and who comes until it answers again is told at once.
/// </summary>
/// <param name="mostRows">How many rows may wait.</param>
/// <param name="time">The server's clock; only how long it takes counts, not what it says.</param>
/// <param name="machine">What the disk is timed by: it does not hurry where the server's clock is set.</param>
internal sealed class WriteQueue(int mostRows, TimeProvider time, TimeProvider machine)
{
    /// <summary>How long the writer may get no further.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private const int MostRowsInGroup = 2_000;
    private const string NoAnswer = "The disk does not answer. What was sent may not have been stored; send it again with the same ids.";

    private readonly Channel<LedgerWork> _waiting = Channel.CreateUnbounded<LedgerWork>();
    private readonly Lock _lock = new();
    private IReadOnlyList<LedgerWork> _running = [];
    private long _steps;
    private long _seenSteps;
    private long _seenAt;
    private volatile bool _isStuck;
    private int _rows;

    /// <summary>Rows that wait.</summary>
    public int Rows => Volatile.Read(ref _rows);

    /// <summary>True while the writer hangs in a group.</summary>
    public bool IsStuck => _isStuck;

    /// <summary>Has the writer do something.</summary>
    /// <exception cref="LedgerUnavailableException">Too much waits, or the writer hangs.</exception>
    public void Add(LedgerWork work)
    {
        if (_isStuck)
        {
            throw new LedgerUnavailableException(NoAnswer);
        }

        if (Interlocked.Add(ref _rows, work.Rows) > mostRows + work.Rows || !_waiting.Writer.TryWrite(work))
        {
            Interlocked.Add(ref _rows, -work.Rows);
            throw new LedgerUnavailableException("More is waiting to be written than the queue holds.");
        }
    }

    /// <summary>Takes no more; what waits is still written.</summary>
    public void Complete() => _waiting.Writer.TryComplete();

    /// <summary>Waits for work.</summary>
    /// <param name="atMost">How long at most; nothing or less does not wait.</param>
    /// <returns>False when nothing more will come.</returns>
    public async Task<bool> WaitAsync(TimeSpan atMost)
    {
        if (atMost <= TimeSpan.Zero || _waiting.Reader.TryPeek(out _))
        {
            return !_waiting.Reader.Completion.IsCompleted;
        }

        using var timeout = new CancellationTokenSource(atMost, time);
        try
        {
            return await _waiting.Reader.WaitToReadAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>Takes what goes into one transaction.</summary>
    /// <returns>False when nothing waits.</returns>
    public bool TakeGroup(List<LedgerWork> group)
    {
        var rows = 0;
        while (rows < MostRowsInGroup && _waiting.Reader.TryPeek(out var next) && (group.Count == 0 || !next.IsAlone)
            && _waiting.Reader.TryRead(out var work))
        {
            group.Add(work);
            rows += work.Rows;
            if (work.IsAlone)
            {
                break;
            }
        }

        Interlocked.Add(ref _rows, -rows);
        return group.Count > 0;
    }

    /// <summary>The writer begins with a group, which stays as it is until <see cref="Done"/>.</summary>
    public void Begin(IReadOnlyList<LedgerWork> group)
    {
        lock (_lock)
        {
            (_running, _seenSteps, _seenAt) = (group, _steps, machine.GetTimestamp());
        }
    }

    /// <summary>The writer got further: by a row, or past the disk.</summary>
    public void Step() => Volatile.Write(ref _steps, _steps + 1);

    /// <summary>The writer is done with the group.</summary>
    public void Done()
    {
        lock (_lock)
        {
            _running = [];
            _isStuck = false;
        }
    }

    /// <summary>Tells everybody who waits that the writer hangs, where it does.</summary>
    /// <returns>How many were told.</returns>
    public int TellStuck()
    {
        lock (_lock)
        {
            if (Volatile.Read(ref _steps) is var steps && steps != _seenSteps)
            {
                (_seenSteps, _seenAt) = (steps, machine.GetTimestamp());
            }

            if (_running.Count == 0 || machine.GetElapsedTime(_seenAt) < Patience)
            {
                return 0;
            }

            _isStuck = true;
            var told = 0;
            foreach (var work in _running.Where(work => !work.IsAnswered && !work.MayTakeLong))
            {
                work.Fail(new LedgerUnavailableException(NoAnswer));
                told++;
            }

            // None of these was begun: they never will be.
            while (_waiting.Reader.TryRead(out var work))
            {
                Interlocked.Add(ref _rows, -work.Rows);
                work.Fail(new LedgerUnavailableException(NoAnswer));
                told++;
            }

            return told;
        }
    }
}
