namespace Opsmeter.Web.Storage;

/// <summary>Tells those who watch what a commit changed. Watchers are called on the writer's thread and must only note it.</summary>
public sealed class LedgerFeed
{
    private readonly Lock _lock = new();
    private Action<LedgerChange>[] _watchers = [];

    /// <summary>Watches until the result is disposed.</summary>
    public IDisposable Watch(Action<LedgerChange> watcher)
    {
        lock (_lock)
        {
            _watchers = [.. _watchers, watcher];
        }

        return new Subscription(this, watcher);
    }

    internal void Publish(LedgerChange change)
    {
        foreach (var watcher in Volatile.Read(ref _watchers))
        {
            watcher(change);
        }
    }

    private void Remove(Action<LedgerChange> watcher)
    {
        lock (_lock)
        {
            _watchers = [.. _watchers.Where(other => other != watcher)];
        }
    }

    private sealed class Subscription(LedgerFeed feed, Action<LedgerChange> watcher) : IDisposable
    {
        public void Dispose() => feed.Remove(watcher);
    }
}
