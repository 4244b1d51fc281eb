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

    private readonly ConcurrentDictionary<int, string> _texts = new();

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
        if (_texts.Count + ids.Count > MostKept)
        {
            _texts.Clear();
        }

        using var connection = Open();
        foreach (var chunk in ids.Chunk(AtOnce))
        {
            using var command = connection.CreateCommand();
            command.CommandText =
                $"SELECT id, text FROM dimensions WHERE id IN ({string.Join(',', chunk.Select(id => id.ToString(CultureInfo.InvariantCulture)))})";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var (id, text) = (reader.GetInt32(0), reader.GetString(1));
                found[id] = text;
                if (_texts.Count < MostKept)
                {
                    _texts[id] = text;
                }
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
