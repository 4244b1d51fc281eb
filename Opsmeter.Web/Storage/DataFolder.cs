using Microsoft.Data.Sqlite;

namespace Opsmeter.Web.Storage;

/// <summary>
/// The folder of the store, held by one process at a time. Guards against the two ways of losing data without noticing:
/// two processes on one file, and a new database made where the old one has gone.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private const string LockFile = "opsmeter.lock";

    // EROFS, as Linux numbers it.
    private const int ReadOnlyFileSystem = 30;
    private const string MarkerFile = "opsmeter.marker";

    private const string RealMark = "An Opsmeter database lives in this folder. While this file is here, a missing database is an error, not a first start.\n";
    private const string DemoMark = "An Opsmeter database with invented demo data lives in this folder.\n";

    private readonly FileStream _lock;
    private readonly string _marker;
    private readonly string _mark;

    private DataFolder(FileStream held, string marker, string mark, bool isNew) =>
        (_lock, _marker, _mark, IsNew) = (held, marker, mark, isNew);

    /// <summary>True until a first start has come to its end: a start that was cut short is begun again.</summary>
    public bool IsNew { get; }

    /// <summary>Takes the folder, making it where it does not exist.</summary>
    /// <exception cref="StoreException">It cannot be used; the message says why and what to do.</exception>
    public static DataFolder Take(StorageOptions options)
    {
        var folder = Path.GetFullPath(options.DataDirectory);
        var held = Hold(folder);
        try
        {
            var marker = Path.Combine(folder, MarkerFile);
            var database = DatabaseOf(options);
            var (hasMarker, hasDatabase) = (File.Exists(marker), File.Exists(database));
            if (hasMarker && !hasDatabase)
            {
                throw new StoreException(
                    $"{marker} says that there was a database, but {database} is gone. Restore it from a backup, or delete the marker to begin with an empty one.");
            }

            if (hasMarker && new FileInfo(database).Length == 0)
            {
                throw new StoreException($"{database} is empty: zero bytes. Restore it from a backup, or delete it and {marker} to begin anew.");
            }

            if (hasMarker && File.ReadAllText(marker).Equals(DemoMark, StringComparison.Ordinal) != options.IsDemo)
            {
                throw new StoreException(options.IsDemo
                    ? $"{folder} holds real data, and --demo invents requests. Leave out --demo, or set Storage__DataDirectory to another folder."
                    : $"{folder} holds the demo's invented data. Start with --demo, or set Storage__DataDirectory to another folder.");
            }

            if (!hasDatabase)
            {
                // A new database has nothing to do with one that was here before.
                File.Delete(LedgerHead.PathOf(database));
            }

            return new DataFolder(held, marker, options.IsDemo ? DemoMark : RealMark, !hasMarker);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Takes the folder to put a backup into it, whatever it holds.</summary>
    /// <exception cref="StoreException">It is in use or cannot be written.</exception>
    internal static DataFolder TakeToRestore(StorageOptions options)
    {
        var folder = Path.GetFullPath(options.DataDirectory);
        return new DataFolder(Hold(folder), Path.Combine(folder, MarkerFile), options.IsDemo ? DemoMark : RealMark, isNew: false);
    }

    /// <summary>Records that the folder has a database from now on.</summary>
    public void Mark() => File.WriteAllText(_marker, _mark);

    /// <inheritdoc />
    public void Dispose() => _lock.Dispose();

    private static string DatabaseOf(StorageOptions options) =>
        Path.GetFullPath(new SqliteConnectionStringBuilder(options.EffectiveConnectionString).DataSource);

    private static FileStream Hold(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return new FileStream(Path.Combine(folder, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error.HResult == ReadOnlyFileSystem)
        {
            throw new StoreException($"{folder} is on a read-only file system. Mount the volume with write access, or set Storage__DataDirectory to a folder that can be written.");
        }
        catch (IOException error) when (Directory.Exists(folder))
        {
            throw new StoreException(
                $"{folder} is in use by another Opsmeter, or cannot be written: {error.Message} One process at a time may use a data folder.");
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            throw new StoreException($"{folder} cannot be written: {error.Message} Set Storage__DataDirectory to a folder that can.");
        }
    }
}
