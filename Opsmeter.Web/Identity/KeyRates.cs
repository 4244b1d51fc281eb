using System.Collections.Concurrent;

namespace Opsmeter.Web.Identity;

/// <summary>
/// How many requests each limited key has sent in its running minute. A minute begins with a key's first request; in memory,
/// so that a restart begins anew.
/// </summary>
public sealed class KeyRates(TimeProvider time)
{
    /// <summary>What a limit is counted over.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<int, Minute> _minutes = new();

    /// <summary>Counts a request.</summary>
    /// <param name="keyId">The key.</param>
    /// <param name="limit">How many it may send in a minute.</param>
    /// <param name="remaining">How many more it may send in this one.</param>
    /// <param name="resets">When the minute is over.</param>
    /// <returns>False where it has sent as many already; then nothing is counted.</returns>
    public bool TryCount(int keyId, int limit, out int remaining, out TimeSpan resets)
    {
        var minute = _minutes.GetOrAdd(keyId, _ => new Minute());
        lock (minute)
        {
            var since = minute.Count == 0 ? Window : time.GetElapsedTime(minute.Began);
            if (since >= Window)
            {
                (minute.Began, minute.Count, since) = (time.GetTimestamp(), 0, TimeSpan.Zero);
            }

            resets = Window - since;
            if (minute.Count >= limit)
            {
                remaining = 0;
                return false;
            }

            minute.Count++;
            remaining = limit - minute.Count;
            return true;
        }
    }

    private sealed class Minute
    {
        public long Began { get; set; }

        public int Count { get; set; }
    }
}
