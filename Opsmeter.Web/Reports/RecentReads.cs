using System.Collections.Concurrent;

namespace Opsmeter.Web.Reports;

/// <summary>
/// What pages read in the last seconds: lets a page that was drawn as a document start live without drawing itself empty in
/// between, and without asking twice. What is older is let go, so that a wide report does not stay in memory.
/// </summary>
public sealed class RecentReads : IDisposable
{
    private const int MostKept = 64;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    // Behind what another page has shown since by more than this, a total would be seen to fall.
    private static readonly TimeSpan MostBehind = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(int WorkspaceId, string Key), (object Value, DateTimeOffset At)> _kept = new();
    private readonly ConcurrentDictionary<int, DateTimeOffset> _newest = new();
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;

    public RecentReads(TimeProvider time)
    {
        _time = time;
        _sweep = time.CreateTimer(_ => LetGo(), null, Fresh, Fresh);
    }

    /// <summary>How many are kept.</summary>
    internal int Count => _kept.Count;

    /// <summary>What was kept under a key in the last seconds, or null.</summary>
    public T? Recall<T>(int workspaceId, string key)
        where T : class =>
        _kept.TryGetValue((workspaceId, key), out var kept) && _time.GetUtcNow() - kept.At < Fresh
            && _newest.GetValueOrDefault(workspaceId) - kept.At < MostBehind ? kept.Value as T : null;

    /// <summary>Keeps what was read.</summary>
    public T Keep<T>(int workspaceId, string key, T value)
        where T : class
    {
        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        var now = _time.GetUtcNow();
        _kept[(workspaceId, key)] = (value, now);
        _newest[workspaceId] = now;
        return value;
    }

    /// <inheritdoc />
    public void Dispose() => _sweep.Dispose();

    private void LetGo()
    {
        var oldest = _time.GetUtcNow() - Fresh;
        foreach (var entry in _kept.Where(entry => entry.Value.At <= oldest))
        {
            _kept.TryRemove(entry);
        }
    }
}
