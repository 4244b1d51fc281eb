namespace Opsmeter.Web.Live;

/// <summary>One watcher: collects what happens, and hands it over at most once in a while, one update at a time.</summary>
internal sealed class LiveSubscription : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Func<LiveUpdate, Task> _onUpdate;
    private readonly TimeSpan _throttle;
    private readonly TimeProvider _time;
    private readonly ExecutionContext? _context;
    private readonly Action<Exception> _onError;
    private readonly ITimer _timer;
    private IDisposable? _source;
    private LiveUpdate? _pending;
    private long _deliveredAt;
    private bool _hasDelivered;
    private bool _isBusy;
    private bool _isDisposed;

    public LiveSubscription(
        Func<LiveUpdate, Task> onUpdate, TimeSpan throttle, TimeProvider time, ExecutionContext? context, Action<Exception> onError)
    {
        (_onUpdate, _throttle, _time, _context, _onError) = (onUpdate, throttle, time, context, onError);
        _timer = time.CreateTimer(_ => Deliver(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ties the subscription to what feeds it, so that both end together.</summary>
    public void Start(IDisposable source)
    {
        lock (_lock)
        {
            _source = source;
            if (!_isDisposed)
            {
                return;
            }
        }

        source.Dispose();
    }

    /// <summary>Notes what happened; returns at once.</summary>
    public void Note(LiveUpdate update)
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            var isFirst = _pending is null;
            _pending = _pending?.With(update) ?? update;
            if (isFirst && !_isBusy)
            {
                Schedule();
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        IDisposable? source;
        lock (_lock)
        {
            _isDisposed = true;
            _pending = null;
            source = _source;
        }

        source?.Dispose();
        _timer.Dispose();
    }

    private void Schedule()
    {
        var wait = _hasDelivered ? _throttle - _time.GetElapsedTime(_deliveredAt) : TimeSpan.Zero;
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Deliver()
    {
        LiveUpdate update;
        lock (_lock)
        {
            if (_isBusy || _isDisposed || _pending is null)
            {
                return;
            }

            update = _pending;
            (_pending, _isBusy, _hasDelivered, _deliveredAt) = (null, true, true, _time.GetTimestamp());
        }

        if (_context is null)
        {
            _ = HandOverAsync(update);
        }
        else
        {
            ExecutionContext.Run(_context, state => _ = HandOverAsync((LiveUpdate)state!), update);
        }
    }

    private async Task HandOverAsync(LiveUpdate update)
    {
        try
        {
            await _onUpdate(update);
        }
        catch (Exception closed) when (closed is ObjectDisposedException or OperationCanceledException)
        {
            // The page was left while it was told.
        }
        catch (Exception error)
        {
            _onError(error);
        }

        lock (_lock)
        {
            _isBusy = false;
            if (_pending is not null && !_isDisposed)
            {
                Schedule();
            }
        }
    }
}
