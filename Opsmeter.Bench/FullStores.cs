using System.Diagnostics;
using Opsmeter.Tests.Support;

namespace Opsmeter.Bench;

/// <summary>
/// The product as the image has it, in processes of its own, on an empty store, on one of a million requests and on two of ten million, with ids in
/// order and in none: how ingest, start and memory grow. The full ones are made where they are not there yet; each measurement adds rows to them.
/// </summary>
internal sealed class FullStores : IAsyncDisposable
{
    private const string Path = "/v1/ingest/llm-request";
    private const int Connections = 64;
    private const int WarmUpSeconds = 15;
    private const int Starts = 5;
    private const int Days = 85;

    // What was written before, here or by another server on the same disk, is brought into its database meanwhile.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(4);

    // How many requests each has, and whether their ids are in no order.
    private static readonly (string Name, int Requests, bool IsRandom)[] Stores =
        [("0", 0, false), ("1M", 1_000_000, false), ("10M", 10_000_000, false), ("10MRandom", 10_000_000, true)];

    private readonly TestFolder _empty = new();
    private readonly Dictionary<string, string> _folders = [];
    private readonly Dictionary<string, OpsmeterProcess> _running = [];

    private FullStores(string folder)
    {
        foreach (var (name, requests, _) in Stores)
        {
            _folders[name] = requests == 0 ? _empty.Path : System.IO.Path.Combine(folder, name);
        }
    }

    /// <summary>Makes the stores that are missing.</summary>
    public static async Task<FullStores> InAsync(string folder)
    {
        var stores = new FullStores(folder);
        foreach (var (name, requests, isRandom) in Stores.Where(store => store.Requests > 0))
        {
            var data = System.IO.Path.Combine(stores._folders[name], "data");
            if (!Directory.Exists(data))
            {
                Directory.CreateDirectory(data);
                await Generate.RunAsync(data, requests, Days, isRandom);
            }
        }

        return stores;
    }

    /// <summary>The time from the start of the process until it is ready, for each store, and then leaves them running.</summary>
    public async Task StartAsync(Dictionary<string, List<double>> seconds)
    {
        for (var i = 0; i <= Starts; i++)
        {
            foreach (var (name, folder) in _folders)
            {
                var started = Stopwatch.GetTimestamp();
                var opsmeter = await OpsmeterProcess.StartAsync(folder, PublishedApp.Settings);
                await opsmeter.ReadyAsync();

                // The first one reads from the disk what the others find in memory, or makes the store.
                if (i > 0)
                {
                    Add(seconds, "start" + name, Stopwatch.GetElapsedTime(started).TotalSeconds);
                }

                if (i < Starts)
                {
                    await opsmeter.StopAsync();
                    await opsmeter.DisposeAsync();
                }
                else
                {
                    _running[name] = opsmeter;
                }
            }
        }

        foreach (var opsmeter in _running.Values)
        {
            await RateAsync(opsmeter, isRandom: false, WarmUpSeconds);
            await RateAsync(opsmeter, isRandom: true, WarmUpSeconds / 3);
        }
    }

    /// <summary>One round of ingest into each store.</summary>
    public async Task MeasureAsync(Dictionary<string, double> measured, int seconds)
    {
        foreach (var (name, opsmeter) in _running)
        {
            await Task.Delay(Quiet, TimeProvider.System);
            measured["ordered" + name] = await RateAsync(opsmeter, isRandom: false, seconds);
            measured["random" + name] = await RateAsync(opsmeter, isRandom: true, seconds);
            measured["memory" + name] = opsmeter.MemoryMb();
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        foreach (var opsmeter in _running.Values)
        {
            await opsmeter.StopAsync();
            await opsmeter.DisposeAsync();
        }

        _empty.Dispose();
    }

    private static async Task<double> RateAsync(OpsmeterProcess opsmeter, bool isRandom, int seconds)
    {
        var (rate, refused, _) = await Throughput.LoadAsync(opsmeter.Address, Path, OpsmeterProcess.ApiKey, Throughput.Row, Connections, seconds, rate: 0, isRandom: isRandom);
        return refused == 0 ? rate : throw new InvalidOperationException($"{refused} rows were refused.");
    }

    private static void Add(Dictionary<string, List<double>> all, string name, double value)
    {
        if (!all.TryGetValue(name, out var values))
        {
            all[name] = values = [];
        }

        values.Add(value);
    }
}
