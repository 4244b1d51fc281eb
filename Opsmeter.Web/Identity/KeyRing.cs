using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Identity;

/// <summary>Every key in memory, by its visible part: a bad key never reaches the database.</summary>
public sealed class KeyRing(StorageOptions storage)
{
    // What a key that begins like no other is compared with: no text has this hash.
    private static readonly Entry[] Nobody =
    [
        new(new byte[SHA256.HashSizeInBytes], long.MinValue, new Caller { WorkspaceId = 0, KeyId = 0, KeyName = "", KeyPrefix = "", Scopes = KeyScopes.None }),
    ];

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
        if (!ApiKeyText.IsWellFormed(key))
        {
            return null;
        }

        // Hashed whether or not a key begins like this one: how long the answer takes does not tell.
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        ApiKeyText.Hash(key, hash);
        foreach (var entry in _keys.TryGetValue(key[..ApiKeyText.PrefixLength], out var entries) ? entries : Nobody)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, entry.Hash) && !(entry.ExpiresTicks <= now.UtcTicks))
            {
                _lastUsed[entry.Caller.KeyId] = now.UtcTicks;
                return entry.Caller;
            }
        }

        return null;
    }

    /// <summary>Takes over the keys as they are in the database. In plain SQL: at start this does not wait for EF.</summary>
    public async Task ReloadAsync()
    {
        await using var connection = new SqliteConnection(storage.EffectiveConnectionString);
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT id, workspace_id, name, prefix, hash, scopes, environment, expires_ticks, requests_per_minute FROM api_keys WHERE revoked_ticks IS NULL";
        await using var reader = await command.ExecuteReaderAsync();
        var entries = new List<Entry>();
        while (await reader.ReadAsync())
        {
            entries.Add(EntryOf(reader));
        }

        _keys = entries.GroupBy(entry => entry.Caller.KeyPrefix, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private static Entry EntryOf(SqliteDataReader row) => new(
        row.GetFieldValue<byte[]>(4),
        row.IsDBNull(7) ? null : row.GetInt64(7),
        new Caller
        {
            KeyId = row.GetInt32(0),
            WorkspaceId = row.GetInt32(1),
            KeyName = row.GetString(2),
            KeyPrefix = row.GetString(3),
            Scopes = (KeyScopes)row.GetInt32(5),
            RequestsPerMinute = row.IsDBNull(8) ? null : row.GetInt32(8),
            PinnedEnvironment = row.IsDBNull(6) ? null : (DeploymentEnvironment)row.GetInt32(6),
        });

    private sealed record Entry(byte[] Hash, long? ExpiresTicks, Caller Caller);
}
