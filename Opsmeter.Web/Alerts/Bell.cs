using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Alerts;

/// <summary>Wakes who waits for something to tell: at once when a commit brings some, otherwise each second.</summary>
public sealed class Bell : IDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _rung = new(0, 1);
    private readonly TimeProvider _time;
    private readonly IDisposable _watch;

    /// <summary>Begins to listen.</summary>
    public Bell(LedgerFeed feed, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(feed);
        _time = time;
        _watch = feed.Watch(change =>
        {
            if (change.AlertsChanged)
            {
                Ring();
            }
        });
    }

    /// <summary>Returns when there may be something to do.</summary>
    public async Task WaitAsync(CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        await Task.WhenAny(_rung.WaitAsync(limit.Token), Task.Delay(Every, _time, limit.Token));
        await limit.CancelAsync();

        // Away from the thread of the clock, so that one that leaps is looked at once.
        await Task.Yield();
        stopping.ThrowIfCancellationRequested();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _watch.Dispose();
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
