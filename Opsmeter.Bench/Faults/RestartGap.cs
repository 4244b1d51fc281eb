using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench.Faults;

/// <summary>
/// Restarts under 200 rows a second from the client that is usual in the field: 600 ms for an attempt, two more after 400 and
/// 800 ms, then the row is given up. No row may be. With the app as the image has it.
/// </summary>
internal static class RestartGap
{
    private const int RowsASecond = 200;
    private static readonly TimeSpan Attempt = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(800)];
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(4);

    public static async Task<int> RunAsync(int restarts)
    {
        using var published = await PublishedApp.UseAsync();
        using var folder = new TestFolder();
        var port = FreePort();
        string[] arguments = ["--urls", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")];
        var opsmeter = await OpsmeterProcess.StartAsync(folder.Path, PublishedApp.Settings, arguments);
        using var stop = new CancellationTokenSource();
        var (givenUp, sent) = (new ConcurrentQueue<string>(), 0);
        var gaps = new List<double>();
        using var client = new HttpClient(new SocketsHttpHandler { ConnectTimeout = Attempt }) { BaseAddress = opsmeter.Address, Timeout = Attempt };
        client.DefaultRequestHeaders.Add("X-API-Key", OpsmeterProcess.ApiKey);
        var sending = Task.Run(async () =>
        {
            var rows = new List<Task>();
            var started = Stopwatch.GetTimestamp();
            while (!stop.IsCancellationRequested)
            {
                var due = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * RowsASecond);
                for (; sent < due; sent++)
                {
                    rows.Add(SendAsync(client, sent, givenUp));
                }

                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }

            await Task.WhenAll(rows);
        });

        for (var restart = 1; restart <= restarts; restart++)
        {
            await Task.Delay(Between, TimeProvider.System);
            var began = Stopwatch.GetTimestamp();
            await opsmeter.StopAsync();
            var stopped = Stopwatch.GetElapsedTime(began);
            await opsmeter.DisposeAsync();
            opsmeter = await OpsmeterProcess.StartAsync(folder.Path, PublishedApp.Settings, arguments);
            gaps.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            Console.WriteLine($"  restart {restart}: stopped after {stopped.TotalSeconds:F2} s, ready again after {gaps[^1]:F2} s, {givenUp.Count} of {sent:N0} rows given up");
        }

        await Task.Delay(Between, TimeProvider.System);
        await stop.CancelAsync();
        await sending;
        using var reader = opsmeter.Client();
        var stored = (await reader.ReadAsync("/v1/reports/spend?from=now-7d&to=now"))["totals"].GetProperty("requests").GetInt64();
        await opsmeter.DisposeAsync();
        Figures.Say("Restarts, rows sent, stored", $"{restarts}, {sent:N0}, {stored:N0}");
        Figures.Say("From SIGTERM to ready, median and longest", $"{Figures.Median(gaps):F2} s, {gaps.Max():F2} s");
        return FaultRun.Judge("Rows given up", [.. givenUp]) | Figures.Judge("Rows that are not stored", $"{sent - stored}", "0", sent == stored);
    }

    private static async Task SendAsync(HttpClient client, int number, ConcurrentQueue<string> givenUp)
    {
        var why = "";
        for (var attempt = 0; attempt <= Pauses.Length; attempt++)
        {
            if (attempt > 0)
            {
                await Task.Delay(Pauses[attempt - 1], TimeProvider.System);
            }

            try
            {
                using var answer = await client.PostAsync(new Uri("/v1/ingest/llm-request", UriKind.Relative), new StringContent(ClientLedger.Row(number + 1), null, "application/json"));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }

                why += $"{(int)answer.StatusCode}, ";
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
            {
                why += error is HttpRequestException { HttpRequestError: var what } ? $"{what}, " : "no answer, ";
            }
        }

        givenUp.Enqueue(why.TrimEnd(',', ' '));
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        return ((System.Net.IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
