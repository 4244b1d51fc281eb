using Microsoft.Data.Sqlite;

namespace Opsmeter.Tests.Support;

/// <summary>Reads and changes what a running process has stored, where no route does.</summary>
internal static class TestSql
{
    /// <summary>Runs a statement and gives its first value.</summary>
    public static string? Run(string dataFolder, string text) => RunOn(Path.Combine(dataFolder, "opsmeter.db"), text);

    /// <summary>The same on a file.</summary>
    public static string? RunOn(string file, string text)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar()?.ToString();
    }
}
