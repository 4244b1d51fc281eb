using System.Collections.Concurrent;

namespace Opsmeter.Web.Identity;

/// <summary>The codes of authenticators that were used lately: each lets somebody in once, also where it is still shown.</summary>
public sealed class UsedCodes(TimeProvider time)
{
    // Longer than any code is taken.
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string MemberId, string Code), DateTimeOffset> _used = new();

    /// <summary>Uses a code that is right.</summary>
    /// <returns>False where it was used before.</returns>
    public bool TryUse(string memberId, string code)
    {
        var now = time.GetUtcNow();
        foreach (var (key, at) in _used)
        {
            if (now - at > Kept)
            {
                _used.TryRemove(key, out _);
            }
        }

        return _used.TryAdd((memberId, code), now);
    }
}
