using Microsoft.Data.Sqlite;

namespace Opsmeter.Web.Storage;

/// <summary>A prepared statement with positional values.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;
    private readonly SqliteParameter[] _parameters;

    /// <summary>Prepares a statement whose parameters are named <c>$0</c>, <c>$1</c> and so on.</summary>
    public Statement(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        _parameters = new SqliteParameter[parameters];
        for (var i = 0; i < parameters; i++)
        {
            _parameters[i] = _command.CreateParameter();
            _parameters[i].ParameterName = "$" + i;
            _command.Parameters.Add(_parameters[i]);
        }
    }

    public SqliteTransaction? Transaction
    {
        set => _command.Transaction = value;
    }

    public Statement Set(int index, long value)
    {
        _parameters[index].SqliteType = SqliteType.Integer;
        _parameters[index].Value = value;
        return this;
    }

    public Statement Set(int index, long? value)
    {
        _parameters[index].SqliteType = SqliteType.Integer;
        _parameters[index].Value = value is { } present ? present : DBNull.Value;
        return this;
    }

    public Statement Set(int index, double? value)
    {
        _parameters[index].SqliteType = SqliteType.Real;
        _parameters[index].Value = value is { } present ? present : DBNull.Value;
        return this;
    }

    public Statement Set(int index, string? value)
    {
        _parameters[index].SqliteType = SqliteType.Text;
        _parameters[index].Value = value is null ? DBNull.Value : value;
        return this;
    }

    public Statement Set(int index, byte[] value)
    {
        _parameters[index].SqliteType = SqliteType.Blob;
        _parameters[index].Value = value;
        return this;
    }

    public int Execute() => _command.ExecuteNonQuery();

    public object? Scalar() => _command.ExecuteScalar();

    public SqliteDataReader Read() => _command.ExecuteReader();

    public void Dispose() => _command.Dispose();
}
