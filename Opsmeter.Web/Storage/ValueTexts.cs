using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Opsmeter.Web.Storage;

/// <summary>The texts of dimension values by their ids, and the other way round. What was read once is kept: an id keeps its text.</summary>
public sealed class ValueTexts(StorageOptions options)
{
    // A few megabytes of short texts, all that a report of two dimensions names; past it the cache begins anew.
    private const int MostKept = 50_000;
    private const int AtOnce = 500;

    // Ids are given in the order that values are first seen in, and rows are read in that order: the next ones are asked for next.
    private const int Ahead = 256;

    private readonly ConcurrentDictionary<int, string> _texts = new();
    private int _count;

    /// <summary>The text of an id of the ledger.</summary>
    public string Of(int id) => _texts.TryGetValue(id, out var text) ? text : Of([id])[id];

    /// <summary>The texts of ids; an id that is not in the dictionary has none.</summary>
    public IReadOnlyDictionary<int, string> Of(IReadOnlyCollection<int> ids)
    {
        var found = new Dictionary<int, string>(ids.Count);
        var missing = new List<int>();
        foreach (var id in ids)
        {
            if (_texts.TryGetValue(id, out var text))
            {
                found[id] = text;
            }
            else if (id > 0)
            {
                missing.Add(id);
            }
        }

        if (missing.Count > 0)
        {
            Read(missing, found);
        }

        return found;
    }

    /// <summary>The ids of texts; one that was never seen has none.</summary>
    public HashSet<int> IdsOf(int workspaceId, DimensionKind kind, IReadOnlyCollection<string> texts)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id FROM dimensions WHERE workspace_id = $workspace AND kind = $kind AND text = $text";
        command.Parameters.AddWithValue("$workspace", workspaceId);
        command.Parameters.AddWithValue("$kind", (int)kind);
        var text = command.Parameters.Add("$text", SqliteType.Text);
        var ids = new HashSet<int>();
        foreach (var asked in texts)
        {
            text.Value = asked;
            if (command.ExecuteScalar() is long id)
            {
                ids.Add(checked((int)id));
            }
        }

        return ids;
    }

    private void Read(List<int> ids, Dictionary<int, string> found)
    {
        if (Volatile.Read(ref _count) + ids.Count > MostKept)
        {
            _texts.Clear();
            Volatile.Write(ref _count, 0);
        }

        using var connection = Open();
        if (ids is [var one])
        {
            Read(connection, string.Create(CultureInfo.InvariantCulture, $"id >= {one} AND id < {one + (long)Ahead}"), id => id == one, found);
            return;
        }

        foreach (var chunk in ids.Chunk(AtOnce))
        {
            Read(connection, $"id IN ({string.Join(',', chunk.Select(id => id.ToString(CultureInfo.InvariantCulture)))})", _ => true, found);
        }
    }

    private void Read(SqliteConnection connection, string which, Func<int, bool> isAsked, Dictionary<int, string> found)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT id, text FROM dimensions WHERE {which}";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var (id, text) = (reader.GetInt32(0), reader.GetString(1));
            if (isAsked(id))
            {
                found[id] = text;
            }

            // The dictionary's own count takes all its locks.
            if (Volatile.Read(ref _count) < MostKept && _texts.TryAdd(id, text))
            {
                Interlocked.Increment(ref _count);
            }
        }
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(options.EffectiveConnectionString);
        connection.Open();
        return connection;
    }
}
