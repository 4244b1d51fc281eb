using System.Globalization;
using System.Text;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Operating;

/// <summary>
/// <c>GET /metrics</c> for Prometheus, by its text format: to this machine, or to a key that may read. No user, tenant or
/// endpoint is in it.
/// </summary>
internal static class MetricsApi
{
    private const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static void MapMetrics(this IEndpointRouteBuilder routes) => routes.MapGet("/metrics", Read).RequireScopeFromAfar(KeyScopes.Read);

    /// <summary>The figures as Prometheus reads them.</summary>
    internal static string Format(Vitals vitals, LedgerHealth health, Backups backups)
    {
        var text = new StringBuilder();
        Write("opsmeter_rows_recorded_total", "counter", "Rows counted since the start.", vitals.Writer.Rows);
        Write("opsmeter_commits_total", "counter", "Transactions of the ledger since the start.", vitals.Writer.Commits);
        Write("opsmeter_commit_seconds_total", "counter", "How long they took together.", vitals.Writer.Busy.TotalSeconds);
        Write("opsmeter_last_commit_seconds", "gauge", "How long the last one took.", vitals.Writer.Last.TotalSeconds);
        Write("opsmeter_queued_rows", "gauge", "Rows that wait to be written.", vitals.QueuedRows);
        Write("opsmeter_queued_rows_limit", "gauge", "How many may wait; more are answered 503.", vitals.MostQueuedRows);
        Write("opsmeter_database_bytes", "gauge", "The size of the database.", vitals.DatabaseBytes);
        Write("opsmeter_wal_bytes", "gauge", "The size of its write-ahead log.", vitals.LogBytes);
        Write("opsmeter_disk_free_bytes", "gauge", "What is free where the database is.", vitals.FreeBytes);
        Write("opsmeter_ledger_faults", "gauge", "Faults that the ledger's check knows of.", health.Faults.Count);
        if (health.Whole is { } whole)
        {
            Write("opsmeter_ledger_checked_timestamp_seconds", "gauge", "When every row was last compared with its hash.", whole.EndedAt.ToUnixTimeSeconds());
        }

        if (backups.List() is [var newest, ..])
        {
            Write("opsmeter_backup_timestamp_seconds", "gauge", "The moment that the newest backup shows.", newest.MadeAt.ToUnixTimeSeconds());
        }

        Write("opsmeter_backup_failed", "gauge", "1 where the last backup failed.", backups.Last is { Problem: not null } ? 1 : 0);
        Write("process_resident_memory_bytes", "gauge", "Resident memory.", vitals.MemoryBytes);
        Write("process_threads", "gauge", "Threads.", vitals.Threads);
        Write("process_start_time_seconds", "gauge", "When the process began.", vitals.StartedAt.ToUnixTimeSeconds());
        Write("dotnet_heap_bytes", "gauge", "In use on the heap.", vitals.HeapBytes);
        return text.ToString();

        void Write(string name, string kind, string help, double value) =>
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}\n");
    }

    private static IResult Read(LedgerWriter writer, StorageOptions storage, LedgerHealth health, Backups backups) =>
        Results.Text(Format(Vitals.Read(writer, storage), health, backups), ContentType);
}
