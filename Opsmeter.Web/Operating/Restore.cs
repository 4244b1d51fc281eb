using System.Globalization;
using Microsoft.Data.Sqlite;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Operating;

/// <summary>
/// <c>--restore FILE</c>: puts a backup in the place of the database, while the product is stopped. What was there is moved
/// aside, not deleted.
/// </summary>
internal static class Restore
{
    /// <summary>The argument that asks for it.</summary>
    public const string Argument = "--restore";

    private static readonly string[] Beside = ["", "-wal", "-shm"];

    /// <summary>Says that the file is missing.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> AskForFileAsync()
    {
        await Console.Error.WriteLineAsync($"Nothing was restored. Name the backup: {Argument} FILE.");
        return 2;
    }

    /// <summary>Restores, and says what it did.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="services">The product, put together and not started.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string file, IServiceProvider services)
    {
        try
        {
            var storage = services.GetRequiredService<StorageOptions>();
            var aside = Run(file, storage, services.GetRequiredService<LedgerCheck>(), services.GetRequiredService<TimeProvider>(), out var rows, out var newest);
            await Console.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Restored {rows:N0} requests from {file}{(newest is { } at ? $", the newest of {at.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z" : "")}. What was reported later is not in it: senders that repeat it are counted, and nothing twice."));
            if (aside is not null)
            {
                await Console.Out.WriteLineAsync($"The database that was there is in {aside}. Delete it once you are sure.");
            }

            return 0;
        }
        catch (Exception error) when (error is BackupException or StoreException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync("Nothing was restored. " + error.Message);
            return 1;
        }
    }

    private static string? Run(string file, StorageOptions storage, LedgerCheck check, TimeProvider time, out long rows, out DateTimeOffset? newest)
    {
        if (!File.Exists(file))
        {
            throw new BackupException($"{file} does not exist.");
        }

        var database = Path.GetFullPath(new SqliteConnectionStringBuilder(storage.EffectiveConnectionString).DataSource);
        using var folder = DataFolder.TakeToRestore(storage);
        (rows, newest) = BackupFile.Verify(file, check);
        var coming = database + ".restoring";
        File.Copy(file, coming, overwrite: true);
        BackupFile.TakeKeys(coming, storage.DataDirectory);
        using (var written = new FileStream(coming, FileMode.Open, FileAccess.ReadWrite))
        {
            written.Flush(flushToDisk: true);
        }

        var aside = PutAside(database, time);
        File.Delete(LedgerHead.PathOf(database));
        File.Move(coming, database);
        folder.Mark();
        return aside;
    }

    private static string? PutAside(string database, TimeProvider time)
    {
        if (!File.Exists(database))
        {
            return null;
        }

        var aside = Path.Combine(
            Path.GetDirectoryName(database)!, "before-restore-" + time.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(aside);

        // The log before the database: a database without its log is one that lost its newest rows.
        foreach (var part in Beside.Reverse().Where(part => File.Exists(database + part)))
        {
            File.Move(database + part, Path.Combine(aside, Path.GetFileName(database) + part));
        }

        return aside;
    }
}
