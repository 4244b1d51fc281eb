using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Opsmeter.Web.Storage;

/// <summary>
/// A prepared statement that writes and gives nothing back. The ledger runs a few of these for every row, so they are bound
/// by position straight to SQLite; ADO.NET would look up each parameter by its name and box each value, every time. A number
/// that is the same as in the row before stays bound: half of a row's columns are.
/// </summary>
internal sealed class WriteStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;
    private readonly Bound[] _bound;

    /// <summary>Prepares a statement whose parameters stand in the order <c>$0</c>, <c>$1</c> and so on.</summary>
    public WriteStatement(SqliteConnection connection, string sql)
    {
        _connection = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(_connection, sql, out _statement));
        _bound = new Bound[raw.sqlite3_bind_parameter_count(_statement)];
    }

    public WriteStatement Set(int index, long value)
    {
        if (IsNews(index, new Bound(Kind.Number, value)))
        {
            Check(raw.sqlite3_bind_int64(_statement, index + 1, value));
        }

        return this;
    }

    public WriteStatement Set(int index, long? value) => value is { } present ? Set(index, present) : SetNull(index);

    public WriteStatement Set(int index, string? value)
    {
        if (value is null)
        {
            return SetNull(index);
        }

        _bound[index] = default;
        Check(raw.sqlite3_bind_text(_statement, index + 1, value));
        return this;
    }

    public WriteStatement Set(int index, byte[] value)
    {
        _bound[index] = default;
        Check(raw.sqlite3_bind_blob(_statement, index + 1, value));
        return this;
    }

    /// <summary>Runs it in the transaction that is open on its connection.</summary>
    /// <returns>How many rows it wrote.</returns>
    /// <exception cref="SqliteException">SQLite refused it.</exception>
    public int Execute()
    {
        var result = raw.sqlite3_step(_statement);
        var reset = raw.sqlite3_reset(_statement);
        Check(result == raw.SQLITE_DONE ? reset : result);
        return raw.sqlite3_changes(_connection);
    }

    public void Dispose() => _statement.Dispose();

    private WriteStatement SetNull(int index)
    {
        if (IsNews(index, new Bound(Kind.Null, 0)))
        {
            Check(raw.sqlite3_bind_null(_statement, index + 1));
        }

        return this;
    }

    private bool IsNews(int index, Bound value)
    {
        if (_bound[index] == value)
        {
            return false;
        }

        _bound[index] = value;
        return true;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _connection);
        }
    }

    private enum Kind : byte
    {
        Other,
        Null,
        Number,
    }

    /// <summary>What a parameter was set to last; texts and blobs are not remembered.</summary>
    private readonly record struct Bound(Kind Kind, long Value);
}
