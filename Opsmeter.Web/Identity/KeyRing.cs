using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>Every key in memory, by its visible part: a bad key never reaches the database.</summary>
public sealed class KeyRing(IDbContextFactory<OpsmeterDb> databases)
{
    private readonly ConcurrentDictionary<int, long> _lastUsed = new();
    private FrozenDictionary<string, Entry[]>.AlternateLookup<ReadOnlySpan<char>> _keys =
        FrozenDictionary<string, Entry[]>.Empty.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>When each key was last used, in ticks, since the last call.</summary>
    public IReadOnlyDictionary<int, long> TakeLastUsed()
    {
        var taken = new Dictionary<int, long>();
        foreach (var id in _lastUsed.Keys)
        {
            if (_lastUsed.TryRemove(id, out var ticks))
            {
                taken[id] = ticks;
            }
        }

        return taken;
    }

    /// <summary>Who a key belongs to; null when it is unknown, expired or revoked.</summary>
    public Caller? Authenticate(ReadOnlySpan<char> key, DateTimeOffset now)
    {
        if (!ApiKeyText.IsWellFormed(key) || !_keys.TryGetValue(key[..ApiKeyText.PrefixLength], out var entries))
        {
            return null;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        ApiKeyText.Hash(key, hash);
        foreach (var entry in entries)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, entry.Hash) && !(entry.ExpiresTicks <= now.UtcTicks))
            {
                _lastUsed[entry.Caller.KeyId] = now.UtcTicks;
                return entry.Caller;
            }
        }

        return null;
    }

    /// <summary>Takes over the keys as they are in the database.</summary>
    public async Task ReloadAsync()
    {
        await using var db = await databases.CreateDbContextAsync();
        var rows = await db.ApiKeys.AsNoTracking().Where(row => row.RevokedTicks == null).ToArrayAsync();
        _keys = rows.GroupBy(row => row.Prefix, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.Select(EntryOf).ToArray(), StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private static Entry EntryOf(ApiKeyRow row) => new(
        row.Hash,
        row.ExpiresTicks,
        new Caller
        {
            WorkspaceId = row.WorkspaceId,
            KeyId = row.Id,
            KeyName = row.Name,
            KeyPrefix = row.Prefix,
            Scopes = (KeyScopes)row.Scopes,
            PinnedEnvironment = (DeploymentEnvironment?)row.Environment,
        });

    private sealed record Entry(byte[] Hash, long? ExpiresTicks, Caller Caller);
}
