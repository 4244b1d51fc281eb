using System.Collections.Concurrent;

namespace Opsmeter.Web.Reports;

/// <summary>
/// What is dear to read and changes slowly: read once for everyone who looks at the same, and again only when it is old. What is older is let go.
/// </summary>
public sealed class SlowReads : IDisposable
{
    private const int MostKept = 128;
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<(int WorkspaceId, string Key), (Lazy<Task> Reading, DateTimeOffset At, DateTimeOffset Until)> _kept = new();
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;

    public SlowReads(TimeProvider time)
    {
        _time = time;
        _sweep = time.CreateTimer(_ => LetGo(), null, Sweep, Sweep);
    }

    /// <summary>How many are kept.</summary>
    internal int Count => _kept.Count;

    /// <summary>Reads, or takes what was read less than a while ago. A reading that failed is not kept.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="key">What is read; the same text means the same.</param>
    /// <param name="keep">How long it may be taken again.</param>
    /// <param name="read">Reads it, for all who wait: it is not stopped when one of them leaves.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public Task<T> ReadAsync<T>(int workspaceId, string key, TimeSpan keep, Func<Task<T>> read, CancellationToken cancellation)
        where T : class
    {
        var now = _time.GetUtcNow();
        if (_kept.Count >= MostKept)
        {
            _kept.Clear();
        }

        var entry = _kept.AddOrUpdate(
            (workspaceId, key),
            _ => Started(),
            (_, old) => now - old.At < keep && !(old.Reading.IsValueCreated && (old.Reading.Value.IsFaulted || old.Reading.Value.IsCanceled)) ? old : Started());
        return ((Task<T>)entry.Reading.Value).WaitAsync(cancellation);

        (Lazy<Task>, DateTimeOffset, DateTimeOffset) Started() => (new Lazy<Task>(() => Task.Run(read)), now, now + keep);
    }

    /// <summary>What was read less than a while ago, or null.</summary>
    public T? Recall<T>(int workspaceId, string key, TimeSpan keep)
        where T : class =>
        _kept.TryGetValue((workspaceId, key), out var entry) && _time.GetUtcNow() - entry.At < keep
        && entry.Reading is { IsValueCreated: true, Value: Task<T> { IsCompletedSuccessfully: true } done }
            ? done.Result
            : null;

    /// <inheritdoc />
    public void Dispose() => _sweep.Dispose();

    private void LetGo()
    {
        var now = _time.GetUtcNow();
        foreach (var entry in _kept.Where(entry => entry.Value.Until <= now))
        {
            _kept.TryRemove(entry);
        }
    }
}
