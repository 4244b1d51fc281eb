using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace Opsmeter.Web.Storage;

/// <summary>
/// How a connection waits while another one writes. SQLite's own wait looks again after a millisecond, then less and less
/// often; the wait of ADO.NET sleeps 150 ms each time, which a caller of the ledger would feel.
/// </summary>
internal sealed class BusyTimeout : DbConnectionInterceptor
{
    private const int Milliseconds = 5_000;

    /// <summary>Sets it on an open connection.</summary>
    public static void Set(SqliteConnection connection) => raw.sqlite3_busy_timeout(connection.Handle!, Milliseconds);

    /// <inheritdoc />
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) => Set((SqliteConnection)connection);

    /// <inheritdoc />
    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Set((SqliteConnection)connection);
        return Task.CompletedTask;
    }
}
