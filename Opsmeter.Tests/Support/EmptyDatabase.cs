using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Storage;

namespace Opsmeter.Tests.Support;

/// <summary>
/// A database with the schema and nothing else, as a first start leaves it that is cut short after the migrations. They are
/// run once for all tests that begin with an empty store; the tests of migrations run their own.
/// </summary>
internal static class EmptyDatabase
{
    private static readonly Lazy<byte[]> Content = new(Make);

    /// <summary>Puts one into a data folder, which is made; a folder that has anything in it is left as it is.</summary>
    public static void PutInto(string folder)
    {
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any())
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, StorageOptions.DatabaseFile), Content.Value);
        }
    }

    private static byte[] Make()
    {
        using var folder = new TestFolder();
        var file = Path.Combine(folder.Path, StorageOptions.DatabaseFile);
        var connection = new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString();
        using (var db = new OpsmeterDb(new DbContextOptionsBuilder<OpsmeterDb>().UseSqlite(connection).Options))
        {
            db.Database.OpenConnection();
            db.Database.ExecuteSqlRaw($"PRAGMA application_id = {Store.ApplicationId}");
            db.Database.Migrate();
            db.Database.ExecuteSqlRaw("PRAGMA wal_checkpoint(TRUNCATE)");
        }

        return File.ReadAllBytes(file);
    }
}
