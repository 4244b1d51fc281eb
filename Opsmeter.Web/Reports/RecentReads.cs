using System.Collections.Concurrent;

namespace Opsmeter.Web.Reports;

/// <summary>
/// What pages read in the last seconds: lets a page that was drawn as a document start live without drawing itself empty in
/// between, and without asking twice.
/// </summary>
public sealed class RecentReads(TimeProvider time)
{
    private const int MostKept = 64;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    // Behind what another page has shown since by more than this, a total would be seen to fall.
    private static readonly TimeSpan MostBehind = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<(int WorkspaceId, string Key), (object Value, DateTimeOffset At)> _kept = new();
    private readonly ConcurrentDictionary<int, DateTimeOffset> _newest = new();

    /// <summary>What was kept under a key in the last seconds, or null.</summary>
    public T? Recall<T>(int workspaceId, string key)
        where T : class =>
        _kept.TryGetValue((workspaceId, key), out var kept) && time.GetUtcNow() - kept.At < Fresh
            && _newest.GetValueOrDefault(workspaceId) - kept.At < MostBehind ? kept.Value as T : null;

    /// <summary>Keeps what was read.</summary>
    public T Keep<T>(int workspaceId, string key, T value)
        where T : class
    {
        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        var now = time.GetUtcNow();
        _kept[(workspaceId, key)] = (value, now);
        _newest[workspaceId] = now;
        return value;
    }
}
