using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;

namespace Opsmeter.Bench;

/// <summary>What the pages' queries take on a folder that <see cref="Generate"/> filled, and how large it is.</summary>
internal static class PageQueries
{
    private const int Runs = 40;
    private const int WarmUps = 4;

    public static async Task<int> RunAsync(string folder)
    {
        await using var server = new BenchServer(folder);
        await server.StartAsync();
        var missed = await SizeAsync(folder);
        var period = server.Services.GetRequiredService<SpendPeriods>().Of(Store.WorkspaceId, new SpendView { From = "now-30d" });
        var reports = server.Services.GetRequiredService<SpendReports>();
        foreach (var dimension in Enum.GetValues<Dimension>())
        {
            missed |= await MeasureAsync($"30 days by {dimension} and column", 50, () => reports.ReadAsync(period.ByColumn(dimension)));
            missed |= await MeasureAsync($"30 days by {dimension}, latency", 50, () => reports.ReadAsync(period.Query with { GroupBy = dimension, WithLatency = true }));
        }

        return missed;
    }

    private static async Task<int> SizeAsync(string folder)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "opsmeter.db")};Mode=ReadOnly");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT MAX(seq) FROM requests) * 1.0, (SELECT page_count FROM pragma_page_count) * 4096.0, (SELECT SUM(LENGTH(data)) FROM segment_columns) * 1.0";
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        var (requests, bytes, columns) = (reader.GetDouble(0), reader.GetDouble(1), reader.GetDouble(2));
        Figures.Say("Requests", $"{requests:N0}");
        Figures.Say("Columns, bytes a request", $"{columns / requests:N1}");
        return Figures.Judge("Store, bytes a request", $"{bytes / requests:N1}", "<= 250", bytes / requests <= 250);
    }

    private static async Task<int> MeasureAsync(string name, double goalMs, Func<Task> query)
    {
        var took = new List<double>();
        for (var run = -WarmUps; run < Runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            await query();
            if (run >= 0)
            {
                took.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        var p95 = Figures.Percentile(took, 0.95);
        return Figures.Judge(name, $"{Figures.Median(took):N0} / {p95:N0} ms", $"p95 <= {goalMs:N0}", p95 <= goalMs);
    }
}
