using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Alerts;

/// <summary>Wakes who waits for something to tell: at once when a commit brings some, otherwise each second.</summary>
public sealed class Bell : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _rung = new(0, 1);
    private readonly IDisposable _watch;
    private readonly ITimer _timer;

    /// <summary>Begins to listen.</summary>
    public Bell(LedgerFeed feed, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(feed);
        ArgumentNullException.ThrowIfNull(time);
        _watch = feed.Watch(change =>
        {
            if (change.AlertsChanged)
            {
                Ring();
            }
        });
        _timer = time.CreateTimer(_ => Ring(), null, Every, Every);
    }

    /// <summary>Returns when there may be something to do.</summary>
    public Task WaitAsync(CancellationToken stopping) => _rung.WaitAsync(stopping);

    /// <inheritdoc />
    public void Dispose()
    {
        _watch.Dispose();
        _timer.Dispose();
        _rung.Dispose();
    }

    private void Ring()
    {
        try
        {
            if (_rung.CurrentCount == 0)
            {
                _rung.Release();
            }
        }
        catch (Exception error) when (error is SemaphoreFullException or ObjectDisposedException)
        {
            // It was rung by another at the same moment, or nobody listens any more.
        }
    }
}
