using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Operating;

/// <summary>Backs the installation up before a newer version changes its schema: the way back to the version before.</summary>
internal sealed partial class UpdateBackup(Backups backups, StorageOptions storage, IOptions<BackupOptions> options, ILogger<UpdateBackup> logger) : IBeforeUpdate
{
    private const string HowElse = "Nothing was changed. Mend that, or set Backup__BeforeUpdate=false where you have a backup of your own.";

    /// <inheritdoc />
    public void Prepare(string schema)
    {
        // Invented data is made again.
        if (!options.Value.BeforeUpdate || storage.IsDemo)
        {
            return;
        }

        try
        {
            LogBegun(logger);
            LogMade(logger, backups.MakeBeforeUpdate(schema));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or SqliteException or BackupException)
        {
            throw new StoreException($"This version changes the database, and the backup before that could not be made: {error.Message} {HowElse}");
        }
    }

    [LoggerMessage(LogLevel.Information, "The database is of an earlier version. It is backed up before it is brought up to date; a large one takes minutes.")]
    private static partial void LogBegun(ILogger logger);

    [LoggerMessage(LogLevel.Information, "The database was backed up to {File}; the version before starts again with --restore and that file.")]
    private static partial void LogMade(ILogger logger, string file);
}
