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
    private const int Runs = 20;
    private const int WarmUps = 3;
    private const int Shown = 2;

    public static async Task<int> RunAsync(string folder)
    {
        await using var server = new BenchServer(folder);
        await server.StartAsync();
        var missed = await SizeAsync(folder);
        var pages = new PageReads(server.Services);
        var usual = new SpendView { From = "now-30d" };
        missed |= await MeasureAsync("default view, 30 days", usual, pages, _ => 50, users: 150);
        foreach (var dimension in Enum.GetValues<Dimension>())
        {
            var value = await pages.DearestAsync(usual, dimension);
            if (value is not null)
            {
                missed |= await MeasureAsync($"filtered by {dimension}", usual.With(dimension, value), pages, _ => 300, users: 1_000);
            }
        }

        return missed;
    }

    /// <summary>Reads each page again and again, and judges the slowest of its queries.</summary>
    private static async Task<int> MeasureAsync(string name, SpendView view, PageReads pages, Func<string, double> goalOf, double users)
    {
        Console.WriteLine();
        Console.WriteLine($"{name}: slowest query, median / p95; the page's queries together, median");
        var missed = 0;
        foreach (var page in PageReads.Names)
        {
            var queries = new Dictionary<string, List<double>>();
            var whole = new List<double>();
            for (var run = -WarmUps; run < Runs; run++)
            {
                using var watch = new QueryWatch();
                var started = Stopwatch.GetTimestamp();
                await pages.ReadAsync(page, view);
                if (run < 0)
                {
                    continue;
                }

                whole.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                foreach (var (query, took) in watch.Finished)
                {
                    queries.TryAdd(query, []);
                    queries[query].Add(took);
                }
            }

            foreach (var (query, took) in queries.OrderByDescending(entry => Figures.Percentile(entry.Value, 0.95)).Take(Shown))
            {
                var isUsers = page.StartsWith("users", StringComparison.Ordinal) || query.Contains("UserId", StringComparison.Ordinal) || query.Contains("TenantId", StringComparison.Ordinal);
                var goal = isUsers ? users : goalOf(page);
                var p95 = Figures.Percentile(took, 0.95);
                missed |= Figures.Judge($"{page}: {query}", $"{Figures.Median(took):N0} / {p95:N0} ms", $"p95 <= {goal:N0}", p95 <= goal);
            }

            Figures.Say($"{page}: together", $"{Figures.Median(whole):N0} ms");
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
}
