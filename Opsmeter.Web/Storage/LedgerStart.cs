using Microsoft.Data.Sqlite;

namespace Opsmeter.Web.Storage;

/// <summary>
/// Where the ledger begins. The rows up to it were kept row by row for as long as rows are, and are in the columns alone:
/// sums still have them, their ids and metadata are gone.
/// </summary>
/// <param name="Seq">The number of the last row that is gone; 0 where all are there.</param>
/// <param name="Chain">That row's hash, which the next one is bound to.</param>
/// <param name="CostNano">What the rows that are gone cost, whether they counted or not, in nano-USD; the most that can be said past that.</param>
/// <param name="ReceivedTicks">When the latest of them arrived, in UTC ticks.</param>
public sealed record LedgerStart(long Seq, byte[] Chain, long CostNano, long ReceivedTicks)
{
    /// <summary>That of a ledger that has all its rows.</summary>
    public static readonly LedgerStart Origin = new(0, LedgerChain.Origin, 0, 0);

    /// <summary>More than a sender's clock may be ahead: no request occurs so long after it arrived.</summary>
    public static readonly TimeSpan ClockMargin = TimeSpan.FromHours(1);

    /// <summary>No row that is gone occurred at or after this; the beginning of time where all are there.</summary>
    public DateTimeOffset OccurredBefore => ReceivedAt is { } received ? received + ClockMargin : DateTimeOffset.MinValue;

    /// <summary>When the latest of the rows that are gone arrived; null where all are there.</summary>
    public DateTimeOffset? ReceivedAt => Seq == 0 ? null : new DateTimeOffset(ReceivedTicks, TimeSpan.Zero);

    /// <summary>Reads it; a backup of an earlier version has none.</summary>
    internal static LedgerStart Read(SqliteConnection connection, SqliteTransaction? transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT 1 FROM sqlite_master WHERE name = 'ledger_start'";
        if (command.ExecuteScalar() is null)
        {
            return Origin;
        }

        command.CommandText = "SELECT seq, chain, cost_nano, received_ticks FROM ledger_start WHERE id = 1";
        using var reader = command.ExecuteReader();
        return reader.Read() ? new LedgerStart(reader.GetInt64(0), (byte[])reader[1], reader.GetInt64(2), reader.GetInt64(3)) : Origin;
    }

    /// <summary>The numbers of the rows that are gone and count no longer.</summary>
    internal HashSet<long> TakenBack(SqliteConnection connection, SqliteTransaction transaction, int workspaceId)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT request_seq FROM corrections WHERE workspace_id = $workspace AND request_seq <= $seq";
        command.Parameters.AddWithValue("$workspace", workspaceId);
        command.Parameters.AddWithValue("$seq", Seq);
        using var reader = command.ExecuteReader();
        var numbers = new HashSet<long>();
        while (reader.Read())
        {
            numbers.Add(reader.GetInt64(0));
        }

        return numbers;
    }

    /// <summary>Deletes the rows behind it that arrived before an instant, and moves it behind them.</summary>
    /// <param name="connection">The ledger's connection.</param>
    /// <param name="transaction">The open transaction.</param>
    /// <param name="receivedBefore">Exclusive; the first that arrived later ends it.</param>
    /// <param name="last">No row behind this number is deleted.</param>
    /// <param name="most">How many are deleted, at most.</param>
    /// <returns>Where the ledger begins from then on, and how many rows were deleted.</returns>
    internal (LedgerStart Start, int Rows) DropRows(SqliteConnection connection, SqliteTransaction transaction, DateTimeOffset receivedBefore, long last, int most)
    {
        var (start, rows) = Behind(connection, transaction, receivedBefore, last, most);
        if (rows == 0)
        {
            return (this, 0);
        }

        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "DELETE FROM requests WHERE seq <= $seq";
        command.Parameters.AddWithValue("$seq", start.Seq);
        command.ExecuteNonQuery();
        command.CommandText = "INSERT OR REPLACE INTO ledger_start (id, seq, chain, cost_nano, received_ticks) VALUES (1, $seq, $chain, $cost, $received)";
        command.Parameters.AddWithValue("$chain", start.Chain);
        command.Parameters.AddWithValue("$cost", start.CostNano);
        command.Parameters.AddWithValue("$received", start.ReceivedTicks);
        command.ExecuteNonQuery();
        return (start, rows);
    }

    private (LedgerStart Start, int Rows) Behind(SqliteConnection connection, SqliteTransaction transaction, DateTimeOffset receivedBefore, long last, int most)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT seq, received_ticks, COALESCE(cost_nano, 0), chain FROM requests WHERE seq > $start AND seq <= $last ORDER BY seq LIMIT $most";
        command.Parameters.AddWithValue("$start", Seq);
        command.Parameters.AddWithValue("$last", last);
        command.Parameters.AddWithValue("$most", most);
        using var reader = command.ExecuteReader();
        var (start, rows) = (this, 0);
        while (reader.Read() && reader.GetInt64(1) < receivedBefore.UtcTicks)
        {
            start = new LedgerStart(
                reader.GetInt64(0), (byte[])reader[3], (long)Int128.Min((Int128)start.CostNano + reader.GetInt64(2), long.MaxValue), Math.Max(start.ReceivedTicks, reader.GetInt64(1)));
            rows++;
        }

        return (start, rows);
    }
}
