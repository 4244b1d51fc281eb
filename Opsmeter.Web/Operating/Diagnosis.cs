using System.Globalization;
using System.Runtime.InteropServices;
using Opsmeter.Web.Storage;
using SQLitePCL;

namespace Opsmeter.Web.Operating;

/// <summary>What an operator looks at when something is slow or refused: how the writer, the store and the ledger do.</summary>
public sealed class Diagnosis(LedgerWriter writer, StorageOptions storage, LedgerHealth health, Backups backups)
{
    private const long LargeLogBytes = 64L * 1024 * 1024;
    private const double LeastFreeShare = 0.10;

    private static readonly DiagnosisGroup Versions = new(
        "Versions",
        [
            new("Opsmeter", typeof(Diagnosis).Assembly.GetName().Version?.ToString(3) ?? "unknown"),
            new(".NET", Environment.Version.ToString()),
            new("SQLite", raw.sqlite3_libversion().utf8_to_string()),
            new("Database schema", Store.NewestSchema),
            new("System", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}, {Count(Environment.ProcessorCount)} processors"),
        ]);

    /// <summary>Reads it as of now.</summary>
    public IReadOnlyList<DiagnosisGroup> Read()
    {
        var vitals = Vitals.Read(writer, storage);
        return [Writing(vitals), Stored(vitals), Ledger(), Process(vitals), Versions];
    }

    private DiagnosisGroup Writing(Vitals vitals)
    {
        var done = vitals.Writer;
        var mean = done.Commits == 0 ? TimeSpan.Zero : done.Busy / done.Commits;
        return new DiagnosisGroup(
            "Writing",
            [
                new("State", writer.Trouble ?? "Rows are taken", writer.Trouble is null ? null : "Callers are answered 503 and send again; nothing that was answered is lost. Look at the disk and its free space."),
                new("Rows that wait", $"{Count(vitals.QueuedRows)} of at most {Count(vitals.MostQueuedRows)}", vitals.QueuedRows * 2 > vitals.MostQueuedRows ? "More comes than the disk takes; past the limit callers are answered 503." : null),
                new("Rows since the start", Count(done.Rows)),
                new("Commits since the start", Count(done.Commits)),
                new("Last commit", Milliseconds(done.Last), done.Last > TimeSpan.FromSeconds(1) ? "The disk is slow to confirm what is written." : null),
                new("Mean commit", Milliseconds(mean)),
            ]);
    }

    private DiagnosisGroup Stored(Vitals vitals)
    {
        var all = vitals.DatabaseBytes + vitals.LogBytes + vitals.FreeBytes;
        return new DiagnosisGroup(
            "Store",
            [
                new("Folder", Path.GetFullPath(storage.DataDirectory)),
                new("Database", ByteSize.Text(vitals.DatabaseBytes)),
                new("Write-ahead log", ByteSize.Text(vitals.LogBytes), vitals.LogBytes > LargeLogBytes ? "Something reads for long, such as a backup: it shrinks when that ends." : null),
                new("Free on its disk", ByteSize.Text(vitals.FreeBytes), vitals.FreeBytes < all * LeastFreeShare ? "Make room: on a full disk rows are refused." : null),
                new("Newest backup", backups.List() is [var newest, ..] ? $"{Moment(newest.MadeAt)}, {ByteSize.Text(newest.Bytes)}" : "None", backups.Last is { Problem: { } problem } ? $"The last one failed: {problem}" : null),
            ]);
    }

    private DiagnosisGroup Ledger() => new(
        "Ledger",
        [
            new("Newest rows", Compared(health.Tail, "Being compared with their hashes")),
            new("Every row", Compared(health.Whole, "Compared each night at 03:00 UTC, for the first time in the coming one")),
            new("Kept one by one", health.Start.ReceivedAt is { } gone ? $"Requests since {Moment(gone)}; {Count(health.Start.Seq)} older ones are in sums alone" : $"Every request, for {(storage.RawRetentionDays == 1 ? "a day" : $"{Count(storage.RawRetentionDays)} days")}"),
            new("Faults", Count(health.Faults.Count), health.Faults is [var first, ..] ? $"{first}. Restore a backup, or keep the file and ask for help before anything else is done to it." : null),
        ]);

    private static DiagnosisGroup Process(Vitals vitals) => new(
        "Process",
        [
            new("Runs since", Moment(vitals.StartedAt)),
            new("Memory", ByteSize.Text(vitals.MemoryBytes)),
            new("On the heap", ByteSize.Text(vitals.HeapBytes)),
            new("Threads", Count(vitals.Threads)),
        ]);

    private static string Compared(LedgerReport? report, string meanwhile) => report is null ? meanwhile
        : report.Rows == 0 ? $"There were none at {Moment(report.EndedAt)}"
        : $"{Count(report.Rows)} compared with their hashes until {Moment(report.EndedAt)}, in {Milliseconds(report.EndedAt - report.StartedAt)}";

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Milliseconds(TimeSpan span) => span < TimeSpan.FromMilliseconds(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0.00} ms")
        : string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:N0} ms");
}
