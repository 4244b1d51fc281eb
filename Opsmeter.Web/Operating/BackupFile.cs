using Microsoft.Data.Sqlite;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Operating;

/// <summary>A backup's file: a database, and in a table of its own the keys that its secrets are protected by.</summary>
internal static class BackupFile
{
    private const string KeysFolder = "keys";

    /// <summary>Puts the keys of a data folder into a backup.</summary>
    public static void AddKeys(string backup, string dataDirectory)
    {
        using var connection = Open(backup, SqliteOpenMode.ReadWrite);
        Run(connection, "CREATE TABLE backup_keys (name TEXT PRIMARY KEY, content BLOB NOT NULL)");
        var folder = new DirectoryInfo(Path.Combine(dataDirectory, KeysFolder));
        foreach (var file in folder.Exists ? folder.GetFiles("*.xml") : [])
        {
            Run(connection, "INSERT INTO backup_keys (name, content) VALUES ($0, $1)", file.Name, File.ReadAllBytes(file.FullName));
        }
    }

    /// <summary>Takes the keys out of a database that was restored, into its data folder.</summary>
    public static void TakeKeys(string database, string dataDirectory)
    {
        using var connection = Open(database, SqliteOpenMode.ReadWrite);
        if (Read(connection, "SELECT name FROM sqlite_master WHERE name = 'backup_keys'") is null)
        {
            return;
        }

        Directory.CreateDirectory(Path.Combine(dataDirectory, KeysFolder));
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT name, content FROM backup_keys";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                // A name in a file that somebody made could lead out of the folder.
                if (reader.GetString(0) is var name && Path.GetFileName(name) == name && name.EndsWith(".xml", StringComparison.Ordinal))
                {
                    File.WriteAllBytes(Path.Combine(dataDirectory, KeysFolder, name), (byte[])reader[1]);
                }
            }
        }

        Run(connection, "DROP TABLE backup_keys");
    }

    /// <summary>Makes sure that a backup is one of Opsmeter, and whole.</summary>
    /// <exception cref="BackupException">It is not.</exception>
    public static void RequireWhole(string backup)
    {
        using var connection = Open(backup, SqliteOpenMode.ReadOnly);
        if (Convert.ToInt64(Read(connection, "PRAGMA application_id"), System.Globalization.CultureInfo.InvariantCulture) != Store.ApplicationId)
        {
            throw new BackupException($"{backup} is not a backup of Opsmeter.");
        }

        if (Read(connection, "PRAGMA integrity_check(1)") is not "ok")
        {
            throw new BackupException($"{backup} is damaged: SQLite's integrity check fails. Use another backup.");
        }
    }

    /// <summary>Makes sure that a backup is one of Opsmeter, whole, and as it was written.</summary>
    /// <returns>How many rows its ledger has, and when the newest arrived.</returns>
    /// <exception cref="BackupException">It is not.</exception>
    public static (long Rows, DateTimeOffset? Newest) Verify(string backup, LedgerCheck check)
    {
        try
        {
            RequireWhole(backup);
            var report = check.CheckFile(backup);
            if (report.Faults.Count > 0)
            {
                throw new BackupException($"{backup} is not as it was written: {report.Faults[0]}.");
            }

            using var whole = Open(backup, SqliteOpenMode.ReadOnly);
            var newest = Read(whole, "SELECT MAX(received_ticks) FROM requests") is long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : (DateTimeOffset?)null;
            return (report.Rows, newest);
        }
        catch (SqliteException error)
        {
            throw new BackupException($"{backup} cannot be read as a backup: {error.Message}", error);
        }
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection connection, string sql, params object[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i}", values[i]);
        }

        command.ExecuteNonQuery();
    }

    private static object? Read(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        return command.ExecuteScalar();
    }
}
