using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Operating;

/// <summary>
/// Backups of the whole installation, made while it works. Each is one file: the database as of one moment, with the keys that
/// its secrets are protected by. It has its name only once it was written to the disk and compared with its hashes.
/// </summary>
public sealed partial class Backups(StorageOptions storage, IOptions<BackupOptions> options, LedgerCheck check, TimeProvider time) : IDisposable
{
    private const string TimeInName = "yyyyMMdd'T'HHmmss'Z'";
    private const string PartialEnd = ".partial";
    private const string UpdatePrefix = "before-update-";
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan UpdateKept = TimeSpan.FromDays(30);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private BackupOutcome? _last;

    /// <summary>Where they are.</summary>
    public string Folder => Path.GetFullPath(options.Value.Directory is { Length: > 0 } folder ? folder : Path.Combine(storage.DataDirectory, "backups"));

    /// <summary>How the last one of this process ended; null before the first.</summary>
    public BackupOutcome? Last => Volatile.Read(ref _last);

    /// <summary>True where one is made each day: not of a demo, whose invented data is made again rather than restored.</summary>
    public bool IsDaily => options.Value.DailyAt.Length > 0 && !storage.IsDemo;

    /// <summary>Those that there are, newest first.</summary>
    public IReadOnlyList<BackupItem> List() => Directory.Exists(Folder)
        ? [.. new DirectoryInfo(Folder).EnumerateFiles().Select(ItemOf).OfType<BackupItem>().OrderByDescending(item => item.MadeAt)]
        : [];

    /// <summary>Makes one, and deletes the oldest of more than are kept.</summary>
    /// <exception cref="BackupException">It could not be made; there is nothing of it left.</exception>
    public async Task<BackupItem> MakeAsync(CancellationToken cancellation = default)
    {
        if (!await _turn.WaitAsync(TimeSpan.Zero, cancellation))
        {
            throw new BackupException("A backup is being made already. Wait until it is done.");
        }

        try
        {
            var item = await LongWork.RunAsync(() => Make(cancellation), cancellation);
            Volatile.Write(ref _last, new BackupOutcome(time.GetUtcNow(), item.Name, null));
            return item;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw Failed($"The backup could not be written to {Folder}: {error.Message}", error);
        }
        catch (BackupException error)
        {
            throw Failed(error.Message, error);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// Makes one of a database that a newer version is about to change, while nothing else has it open. Its ledger is not
    /// compared with its hashes: that is for the version that wrote it to do. An update that is cut short and begun again
    /// leaves the one of the schema that it began with.
    /// </summary>
    /// <param name="schema">What the schema is called; one of the same schema is replaced.</param>
    /// <returns>Its file.</returns>
    /// <exception cref="BackupException">It could not be made; there is nothing of it left.</exception>
    public string MakeBeforeUpdate(string schema)
    {
        Directory.CreateDirectory(Folder);
        RequireRoom();
        var file = Path.Combine(Folder, $"{UpdatePrefix}{schema}.db");
        Write(file, BackupFile.RequireWhole);
        var before = time.GetUtcNow().UtcDateTime - UpdateKept;
        foreach (var old in new DirectoryInfo(Folder).EnumerateFiles(UpdatePrefix + "*.db").Where(each => each.LastWriteTimeUtc < before))
        {
            old.Delete();
        }

        return file;
    }

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    private BackupException Failed(string message, Exception error)
    {
        Volatile.Write(ref _last, new BackupOutcome(time.GetUtcNow(), null, message));
        return error as BackupException ?? new BackupException(message, error);
    }

    private BackupItem Make(CancellationToken cancellation)
    {
        Directory.CreateDirectory(Folder);
        DeleteAbandoned();

        RequireRoom();
        var file = Path.Combine(Folder, $"opsmeter-{time.GetUtcNow().UtcDateTime.ToString(TimeInName, CultureInfo.InvariantCulture)}.db");
        Write(file, partial =>
        {
            cancellation.ThrowIfCancellationRequested();
            BackupFile.Verify(partial, check);
        });

        foreach (var old in List().Skip(options.Value.Keep))
        {
            File.Delete(Path.Combine(Folder, old.Name));
        }

        return ItemOf(new FileInfo(file))!;
    }

    private void Write(string file, Action<string> verify)
    {
        var partial = file + PartialEnd;
        try
        {
            CopyTo(partial);
            BackupFile.AddKeys(partial, storage.DataDirectory);
            verify(partial);
            Keep(partial, file);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    // What a process left that was killed; a command may be making another one right now.
    private void DeleteAbandoned()
    {
        var before = time.GetUtcNow().UtcDateTime - AbandonedAfter;
        foreach (var left in new DirectoryInfo(Folder).EnumerateFiles("*" + PartialEnd).Where(file => file.LastWriteTimeUtc < before))
        {
            left.Delete();
        }
    }

    // As of one moment, while others write.
    private void CopyTo(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder(storage.EffectiveConnectionString) { Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "VACUUM INTO $file";
        command.CommandTimeout = 0;
        command.Parameters.AddWithValue("$file", file);
        command.ExecuteNonQuery();
    }

    private static void Keep(string partial, string file)
    {
        using (var written = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite))
        {
            written.Flush(flushToDisk: true);
        }

        File.Move(partial, file, overwrite: true);
    }

    private void RequireRoom()
    {
        var database = new FileInfo(new SqliteConnectionStringBuilder(storage.EffectiveConnectionString).DataSource);
        var (needed, free) = (database.Length, new DriveInfo(Folder).AvailableFreeSpace);
        if (free < needed)
        {
            throw new BackupException(
                $"A backup may take {needed / 1_000_000:N0} MB, and {Folder} has {free / 1_000_000:N0} MB free. Make room, lower Backup__Keep or set Backup__Directory to another disk.");
        }
    }

    private static BackupItem? ItemOf(FileInfo file) =>
        NameOf().Match(file.Name) is { Success: true } name
        && DateTime.TryParseExact(
            name.Groups[1].Value, TimeInName, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var madeAt)
            ? new BackupItem(file.Name, new DateTimeOffset(madeAt, TimeSpan.Zero), file.Length)
            : null;

    [GeneratedRegex(@"^opsmeter-(\d{8}T\d{6}Z)\.db$")]
    private static partial Regex NameOf();
}
