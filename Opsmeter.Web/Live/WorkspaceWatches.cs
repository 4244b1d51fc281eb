using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Live;

/// <summary>Watches every workspace, also those that are made later, until it is disposed.</summary>
internal sealed class WorkspaceWatches : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Func<int, IEnumerable<IDisposable>> _watch;
    private readonly Dictionary<int, IDisposable[]> _watches = [];
    private readonly IDisposable _newcomers;

    /// <param name="ledger">Says of a workspace's first change that it is there.</param>
    /// <param name="known">The workspaces there are.</param>
    /// <param name="watch">Begins to watch one.</param>
    public WorkspaceWatches(LedgerFeed ledger, IEnumerable<int> known, Func<int, IEnumerable<IDisposable>> watch)
    {
        _watch = watch;
        foreach (var workspaceId in known)
        {
            Add(workspaceId);
        }

        _newcomers = ledger.Watch(change => Add(change.WorkspaceId));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _newcomers.Dispose();
        lock (_lock)
        {
            foreach (var watch in _watches.Values.SelectMany(watches => watches))
            {
                watch.Dispose();
            }

            _watches.Clear();
        }
    }

    private void Add(int workspaceId)
    {
        lock (_lock)
        {
            if (!_watches.ContainsKey(workspaceId))
            {
                _watches[workspaceId] = [.. _watch(workspaceId)];
            }
        }
    }
}
