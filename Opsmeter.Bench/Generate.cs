using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Core;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;

namespace Opsmeter.Bench;

/// <summary>Fills a data folder with generated requests, through pricing and the writer as ingest does.</summary>
internal static class Generate
{
    private const int BatchRows = 10_000;
    private const int Seed = 20_260_901;

    public static async Task<int> RunAsync(string folder, int requests, int days, bool isRandom = false)
    {
        await using var server = new BenchServer(folder);
        await server.StartAsync();
        var writer = server.Services.GetRequiredService<LedgerWriter>();
        var now = TimeProvider.System.GetUtcNow();
        var end = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
        var watch = Stopwatch.StartNew();
        var stored = 0;
        var log = new FileInfo(new SqliteConnectionStringBuilder(server.Services.GetRequiredService<StorageOptions>().EffectiveConnectionString).DataSource + "-wal");
        var largest = 0L;
        var before = Task.CompletedTask;
        foreach (var batch in new GeneratedTraffic(Seed, isRandom).Between(end.AddDays(-days), end, requests).Chunk(BatchRows))
        {
            var rows = Array.ConvertAll(batch, Price);
            await before;
            log.Refresh();
            largest = Math.Max(largest, log.Exists ? log.Length : 0);
            before = writer.AppendAsync(Store.WorkspaceId, rows);
            stored += batch.Length;
            if (stored % 500_000 < BatchRows)
            {
                Console.WriteLine($"{GeneratedTraffic.Words(stored)} of {GeneratedTraffic.Words(requests)} requests, {stored / watch.Elapsed.TotalSeconds:N0}/s, log up to {largest >> 20:N0} MiB");
            }
        }

        await before;
        return 0;
    }

    private static LedgerRow Price(LlmRequest request)
    {
        var priced = PriceBook.BuiltIn.Price(request);
        return new LedgerRow { Row = new PricedRow(request, priced.Provider, priced.Cost), Rates = priced.Rates, OccurredAtGiven = true };
    }
}
