using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench.Faults;

/// <summary>
/// Asked to stop while many wait for a slow disk: whoever was let in is answered, nobody's connection is cut, and the process
/// ends by itself in time. Who comes later finds the door closed, which every client knows how to take.
/// </summary>
internal static class Drains
{
    private const int Senders = 200;
    private const int RowsInBatch = 2_000;
    private const double EndsWithinSeconds = 10;
    private const string SlowSync = "fdatasync,fsync:delay_exit=100000";
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(2);

    /// <summary>Stops it so many times, each in the middle of the load.</summary>
    public static async Task<int> RunAsync(int times)
    {
        var (wrong, seconds, answered) = (new List<string>(), new List<double>(), 0);
        for (var time = 1; time <= times; time++)
        {
            using var folder = new TestFolder();
            var (cut, stored) = (new ConcurrentQueue<string>(), new ConcurrentBag<string>());
            await using (var opsmeter = await FaultRun.FirstAsync(folder.Path))
            {
                using var inject = await Inject.AttachAsync(opsmeter.Id, SlowSync);
                using var client = opsmeter.Client();
                var sending = Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() => SendAsync(client, sender, stored, cut))));
                await Task.Delay(Before, TimeProvider.System);
                var began = Stopwatch.GetTimestamp();
                await opsmeter.StopAsync();
                seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
                await sending;
                if (opsmeter.ExitCode != 0)
                {
                    cut.Enqueue($"it ended with {opsmeter.ExitCode}");
                }
            }

            wrong.AddRange(cut);
            wrong.AddRange(await MissingAsync(folder.Path, stored));
            answered += stored.Count;
            Console.WriteLine($"  stop {time}: ended after {seconds[^1]:F2} s, {stored.Count:N0} rows answered, {cut.Count} requests cut off");
        }

        Figures.Say("Stops, rows answered", $"{times}, {answered:N0}");
        return FaultRun.Judge("Requests cut off, rows missing", wrong)
            | Figures.Judge("From SIGTERM to the end, at most", $"{seconds.Max():F2} s", "≤ 10 s", seconds.Max() <= EndsWithinSeconds);
    }

    private static async Task SendAsync(HttpClient client, int sender, ConcurrentBag<string> stored, ConcurrentQueue<string> cut)
    {
        for (var number = 0; ; number++)
        {
            // Each twentieth sends batches, which keep the writer busy for longer.
            string[] ids = [.. Enumerable.Range(0, sender % 20 == 0 ? RowsInBatch : 1).Select(row => $"{sender}.{number}.{row}")];
            var body = string.Join('\n', ids.Select(Row));
            try
            {
                using var content = new StringContent(body, null, ids.Length > 1 ? "application/x-ndjson" : "application/json");
                using var answer = await client.PostAsync(new Uri(ids.Length > 1 ? "/v1/ingest/llm-requests" : "/v1/ingest/llm-request", UriKind.Relative), content);
                if ((int)answer.StatusCode == 200)
                {
                    Array.ForEach(ids, stored.Add);
                }
                else if ((int)answer.StatusCode != 503)
                {
                    cut.Enqueue($"answered {(int)answer.StatusCode}");
                }
            }
            catch (HttpRequestException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                return;
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
            {
                cut.Enqueue($"{error.GetType().Name}: {error.Message} {error.InnerException?.Message}");
                return;
            }
        }
    }

    // The same for the same id; some endpoints.
    private static string Row(string id) => RowText.Of(id, endpoint: $"endpoint.{id[0]}").ReplaceLineEndings(" ");

    // All of them once more: each is there already.
    private static async Task<IReadOnlyList<string>> MissingAsync(string folder, ConcurrentBag<string> stored)
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(folder, FaultRun.Settings);
        using var client = opsmeter.Client();
        var missing = new List<string>();
        foreach (var chunk in stored.Chunk(5_000))
        {
            var answer = await client.PostAsync("/v1/ingest/llm-requests", string.Join('\n', chunk.Select(Row)), "application/x-ndjson");
            if (answer["duplicates"].GetInt32() != chunk.Length)
            {
                missing.Add($"{chunk.Length - answer["duplicates"].GetInt32()} of {chunk.Length} answered rows were not there");
            }
        }

        return missing;
    }
}
