using System.Reflection;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Opsmeter.Web.Documents;
using SQLitePCL;

namespace Opsmeter.Web.Storage;

/// <summary>Opens the store at start: takes the folder, brings the schema up to date, makes the workspace, opens the ledger.</summary>
public sealed class Store(
    StorageOptions options, IDbContextFactory<OpsmeterDb> databases, LedgerWriter writer, IBeforeUpdate before, TimeProvider time) : IDisposable
{
    /// <summary>The first workspace, which the first start makes; further ones are made by admins.</summary>
    public const int WorkspaceId = 1;

    /// <summary>"OPSM": tells our file from another program's.</summary>
    internal const int ApplicationId = 0x4F50534D;

    // Before it, two connections can corrupt a database in WAL mode.
    private static readonly Version OldestSqlite = new(3, 51, 3);

    private static readonly Lazy<string[]> Known = new(() =>
        [.. typeof(Store).Assembly.GetTypes().Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>()]);

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
        catch (Exception error) when (error is SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB } or InvalidCastException or FormatException or JsonException)
        {
            throw new StoreException(
                $"The database in {Path.GetFullPath(options.DataDirectory)} is damaged: {error.Message} Keep a copy of the folder, then start with --restore FILE and the newest backup.");
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

    // In plain SQL as far as it goes: a start that finds everything in place does not wait for EF.
    private async Task MigrateAsync()
    {
        using var connection = new SqliteConnection(options.EffectiveConnectionString);
        connection.Open();
        RequireSqlite(Scalar(connection, "SELECT sqlite_version()") as string);
        if (Scalar(connection, "SELECT 1 FROM sqlite_master LIMIT 1") is null)
        {
            Execute(connection, $"PRAGMA application_id = {ApplicationId}");
        }

        RequireOurs(connection);
        ClearAbandonedMigrationLock(connection);
        var applied = AppliedMigrations(connection);
        var known = Known.Value;
        RequireKnownSchema(applied, known);
        if (known.Except(applied, StringComparer.Ordinal).Any())
        {
            if (applied.Max(StringComparer.Ordinal) is { } newest)
            {
                before.Prepare(newest);
            }

            await using var db = await databases.CreateDbContextAsync();
            await db.Database.MigrateAsync();
        }
    }

    private async Task EnsureWorkspaceAsync(SettingsDocument settings)
    {
        if (HasWorkspace())
        {
            return;
        }

        await using var db = await databases.CreateDbContextAsync();
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

    private bool HasWorkspace()
    {
        using var connection = new SqliteConnection(options.EffectiveConnectionString);
        connection.Open();
        return Scalar(connection, "SELECT 1 FROM workspaces LIMIT 1") is not null;
    }

    /// <summary>Refuses a version of SQLite that is not safe with two connections.</summary>
    /// <exception cref="StoreException">It is older, or says nothing that can be read.</exception>
    internal static void RequireSqlite(string? version)
    {
        if (!Version.TryParse(version, out var known) || known < OldestSqlite)
        {
            throw new StoreException($"SQLite {version ?? "of no version"} is too old: {OldestSqlite} or newer is needed, which comes with this release. Remove what takes its place.");
        }
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

    /// <summary>The newest version of the database's schema that this version knows.</summary>
    public static string NewestSchema => Known.Value.Max(StringComparer.Ordinal)!;

    private static List<string> AppliedMigrations(SqliteConnection connection)
    {
        var applied = new List<string>();
        if (Scalar(connection, "SELECT 1 FROM sqlite_master WHERE name = '__EFMigrationsHistory'") is null)
        {
            return applied;
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\"";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            applied.Add(reader.GetString(0));
        }

        return applied;
    }

    private static void RequireKnownSchema(IEnumerable<string> applied, IEnumerable<string> known)
    {
        if (applied.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } newer)
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
