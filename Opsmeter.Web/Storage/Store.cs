using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Storage;

/// <summary>Opens the store at start: takes the folder, brings the schema up to date, makes the workspace, opens the ledger.</summary>
public sealed class Store(
    StorageOptions options, IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer, TimeProvider time) : IDisposable
{
    /// <summary>The one workspace there is for now; every table, key and board carries its id.</summary>
    public const int WorkspaceId = 1;

    // "OPSM": tells our file from another program's.
    private const int ApplicationId = 0x4F50534D;

    private DataFolder? _folder;

    /// <summary>True while the first start is not complete; <see cref="Complete"/> ends it.</summary>
    public bool IsNew => _folder?.IsNew ?? false;

    /// <summary>Opens the store.</summary>
    /// <param name="settings">The settings of the workspace, should it be made now.</param>
    /// <exception cref="StoreException">It cannot be opened; the message says why.</exception>
    public async Task OpenAsync(SettingsDocument settings)
    {
        if (!string.Equals(options.Provider, "sqlite", StringComparison.OrdinalIgnoreCase))
        {
            throw new StoreException($"Storage__Provider is \"{options.Provider}\"; this version knows \"sqlite\".");
        }

        _folder = DataFolder.Take(options);
        try
        {
            await MigrateAsync();
            await EnsureWorkspaceAsync(settings);
            writer.Open();
        }
        catch (SqliteException error)
        {
            throw new StoreException($"The database in {Path.GetFullPath(options.DataDirectory)} cannot be opened: {error.Message}");
        }
    }

    /// <summary>Records that the first start did all it had to do.</summary>
    public void Complete()
    {
        if (IsNew)
        {
            _folder!.Mark();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _folder?.Dispose();

    private async Task MigrateAsync()
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        var connection = (SqliteConnection)db.Database.GetDbConnection();
        if (Scalar(connection, "SELECT 1 FROM sqlite_master LIMIT 1") is null)
        {
            Execute(connection, $"PRAGMA application_id = {ApplicationId}");
        }

        RequireOurs(connection);
        ClearAbandonedMigrationLock(connection);
        await RequireKnownSchemaAsync(db);
        await db.Database.MigrateAsync();
    }

    private async Task EnsureWorkspaceAsync(SettingsDocument settings)
    {
        await using var db = await databases.CreateDbContextAsync();
        if (await db.Workspaces.AnyAsync())
        {
            return;
        }

        db.Workspaces.Add(new WorkspaceRow
        {
            Id = WorkspaceId,
            Name = "Workspace",
            Settings = JsonSerializer.Serialize(settings, DocumentJson.Options),
            Version = 1,
            CreatedTicks = time.GetUtcNow().UtcTicks,
        });
        await db.SaveChangesAsync();
    }

    private static void RequireOurs(SqliteConnection connection)
    {
        var id = Convert.ToInt64(Scalar(connection, "PRAGMA application_id"), System.Globalization.CultureInfo.InvariantCulture);
        if (id != ApplicationId)
        {
            throw new StoreException(
                $"{connection.DataSource} is another program's database. Set Storage__DataDirectory to another folder.");
        }
    }

    /// <summary>A process that was killed while migrating leaves its lock behind, and ours is the only process.</summary>
    private static void ClearAbandonedMigrationLock(SqliteConnection connection)
    {
        if (Scalar(connection, "SELECT 1 FROM sqlite_master WHERE name = '__EFMigrationsLock'") is not null)
        {
            Execute(connection, "DELETE FROM \"__EFMigrationsLock\"");
        }
    }

    private static async Task RequireKnownSchemaAsync(OpsmeterDb db)
    {
        var unknown = (await db.Database.GetAppliedMigrationsAsync()).Except(db.Database.GetMigrations(), StringComparer.Ordinal);
        if (unknown.FirstOrDefault() is { } newer)
        {
            throw new StoreException(
                $"The database was written by a newer Opsmeter (it has the change \"{newer}\"). Start that version, or restore a backup made before it.");
        }
    }

    private static void Execute(SqliteConnection connection, string sql) => Scalar(connection, sql);

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
