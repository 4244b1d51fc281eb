using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace Opsmeter.Web.Storage;

/// <summary>
/// What every connection has. While another one writes it waits as <see cref="BusyWait"/> says: the wait of ADO.NET sleeps
/// 150 ms each time, which a caller of the ledger would feel. And its commits bring nothing into the database:
/// <see cref="Checkpoints"/> do.
/// </summary>
internal sealed class ConnectionSettings : DbConnectionInterceptor
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Sets it on an open connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="isWriter">True for the ledger's writer.</param>
    public static void Set(SqliteConnection connection, bool isWriter = false)
    {
        BusyWait.Set(connection, Patience, isHeard: !isWriter);
        raw.sqlite3_wal_autocheckpoint(connection.Handle!, 0);
    }

    /// <inheritdoc />
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set((SqliteConnection)connection);

    /// <inheritdoc />
    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Set((SqliteConnection)connection);
        return Task.CompletedTask;
    }
}
