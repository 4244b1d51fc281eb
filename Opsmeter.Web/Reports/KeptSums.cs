using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Reports;

/// <summary>
/// What reports have summed of whole segments. A segment never changes, so that a report which is read again, as an open page
/// does every few seconds, adds only the segments that came since. What nobody read for a while is let go.
/// </summary>
public sealed class KeptSums : IDisposable
{
    /// <summary>How long after its last use a sum is let go.</summary>
    internal static readonly TimeSpan Lasts = TimeSpan.FromMinutes(3);

    /// <summary>How much memory all of them take, at most, in bytes.</summary>
    internal const long MostBytes = 32 << 20;

    // One report of very many values would have all others forgotten, and copying it would cost what it saves.
    private const long MostOfOne = MostBytes / 4;

    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _kept = new(StringComparer.Ordinal);
    private readonly TimeProvider _time;
    private readonly ITimer _sweep;
    private long _bytes;

    /// <summary>Keeps none yet.</summary>
    public KeptSums(TimeProvider time)
    {
        _time = time;
        _sweep = time.CreateTimer(_ => LetGo(), null, Sweep, Sweep);
    }

    /// <summary>How many are kept.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _kept.Count;
            }
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _kept.Clear();
            _bytes = 0;
        }
    }

    /// <inheritdoc />
    public void Dispose() => _sweep.Dispose();

    /// <summary>What was summed of some of a report's whole segments, and of no other; null where nothing is kept.</summary>
    /// <param name="key">What the report is; the same text means the same groups of the same facts.</param>
    /// <param name="whole">The segments that lie in its range from end to end.</param>
    internal SegmentSums? Find(string key, IReadOnlySet<Segment> whole)
    {
        lock (_gate)
        {
            if (!_kept.TryGetValue(key, out var entry) || !entry.Sums.Segments.IsSubsetOf(whole))
            {
                return null;
            }

            entry.UsedAt = _time.GetTimestamp();
            return entry.Sums;
        }
    }

    /// <summary>Keeps a copy of what was summed, in place of what was kept under its key.</summary>
    internal void Keep(string key, IReadOnlySet<Segment> segments, SpendAggregate sums)
    {
        var bytes = sums.Bytes;
        var copy = bytes > MostOfOne ? null : new SegmentSums(segments, sums.Copy());
        lock (_gate)
        {
            Forget(key);
            if (copy is null)
            {
                return;
            }

            while (_bytes + bytes > MostBytes)
            {
                Forget(_kept.MinBy(entry => entry.Value.UsedAt).Key);
            }

            _kept[key] = new Entry(copy, bytes) { UsedAt = _time.GetTimestamp() };
            _bytes += bytes;
        }
    }

    private void Forget(string key)
    {
        if (_kept.Remove(key, out var entry))
        {
            _bytes -= entry.Bytes;
        }
    }

    private void LetGo()
    {
        lock (_gate)
        {
            foreach (var (key, _) in _kept.Where(entry => _time.GetElapsedTime(entry.Value.UsedAt) >= Lasts).ToList())
            {
                Forget(key);
            }
        }
    }

    private sealed class Entry(SegmentSums sums, long bytes)
    {
        public SegmentSums Sums { get; } = sums;

        public long Bytes { get; } = bytes;

        public required long UsedAt { get; set; }
    }
}

/// <summary>What was summed of some segments. Nothing is added to it any more.</summary>
/// <param name="Segments">The segments.</param>
/// <param name="Sums">What they hold.</param>
internal sealed record SegmentSums(IReadOnlySet<Segment> Segments, SpendAggregate Sums);
