using Microsoft.Data.Sqlite;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Storage;

/// <summary>
/// Compares the segments with their hashes, one after the other. Those that were sealed before there were hashes are passed over.
/// </summary>
internal sealed class SegmentWalk(SqliteConnection connection)
{
    private byte[] _before = SegmentHash.Origin;
    private long _last;

    /// <summary>Compares the next one.</summary>
    /// <param name="faults">Takes what does not fit.</param>
    /// <returns>False where there is none.</returns>
    public bool Step(List<LedgerFault> faults)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        if (Next(transaction) is not var (workspaceId, segment, written))
        {
            return false;
        }

        if (segment.Id != _last + 1)
        {
            faults.Add(new LedgerFault(_last + 1, segment.Id - 1, LedgerFault.ColumnsMissing));
        }

        // Once one has a hash, those after it have one too.
        if (written is null
            ? _before.Length > 0
            : !SegmentHash.Of(_before, workspaceId, segment, SegmentHash.OfColumns(ColumnsOf(transaction, segment.Id))).AsSpan().SequenceEqual(written))
        {
            faults.Add(new LedgerFault(segment.Id, segment.Id, LedgerFault.ColumnsAltered));
        }

        (_before, _last) = (written ?? SegmentHash.Origin, segment.Id);
        return true;
    }

    /// <summary>Compares where the columns end with where the rows begin: rows go only once they are in columns.</summary>
    /// <param name="faults">Takes what does not fit.</param>
    public void CheckEnd(List<LedgerFault> faults)
    {
        using var transaction = connection.BeginTransaction(deferred: true);
        using var command = Command(transaction, "SELECT COALESCE(MAX(last_seq), 0) FROM segments");
        if ((long)command.ExecuteScalar()! < LedgerStart.Read(connection, transaction).Seq)
        {
            faults.Add(new LedgerFault(LedgerFault.NoRow, LedgerFault.NoRow, LedgerFault.NewestColumnsMissing));
        }
    }

    private (int WorkspaceId, Segment Segment, byte[]? Hash)? Next(SqliteTransaction transaction)
    {
        using var command = Command(
            transaction,
            """
            SELECT id, rows, cells, first_ticks, last_ticks, last_seq, last_correction_id, cost_nano, workspace_id, hash
            FROM segments WHERE id > $0 ORDER BY id LIMIT 1
            """,
            _last);
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? (reader.GetInt32(8), SegmentOf(reader), reader.IsDBNull(9) ? null : reader.GetFieldValue<byte[]>(9))
            : null;
    }

    private IEnumerable<(int Place, byte[] Data)> ColumnsOf(SqliteTransaction transaction, long segmentId)
    {
        var first = SegmentColumns.PlaceOf(segmentId, 0);
        using var command = Command(transaction, "SELECT place, data FROM segment_columns WHERE place >= $0 AND place < $1", first, SegmentColumns.PlaceOf(segmentId + 1, 0));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return ((int)(reader.GetInt64(0) - first), reader.GetFieldValue<byte[]>(1));
        }
    }

    private SqliteCommand Command(SqliteTransaction transaction, string sql, params ReadOnlySpan<long> values)
    {
        var command = connection.CreateCommand();
        (command.Transaction, command.CommandText) = (transaction, sql);
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i}", values[i]);
        }

        return command;
    }

    private static Segment SegmentOf(SqliteDataReader reader) => new(
        reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7));
}
