using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Opsmeter.Bench;

/// <summary>
/// Posts the same body over many connections, one request at a time on each, with another id each time. Runs in a process
/// of its own and writes bytes that are made once, so that it takes as little as possible from the server it measures.
/// </summary>
internal static class LoadGenerator
{
    /// <summary>Where the body has its number: as many digits as these.</summary>
    public const string Placeholder = "000000000000";

    // At a given rate, for how long nothing is counted: this process's own first requests are compiled meanwhile.
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(0.5);

    private static long _number = Stopwatch.GetTimestamp() % 100_000_000 * 1000;

    /// <summary>
    /// Runs, and prints how many requests were answered 200 a second, how many otherwise, and the 99th percentile of the
    /// answers' times in milliseconds.
    /// </summary>
    /// <param name="address">The server.</param>
    /// <param name="connections">How many connections.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="path">Where to.</param>
    /// <param name="key">The API key.</param>
    /// <param name="body">What is posted.</param>
    /// <param name="rate">Requests a second on all connections together; 0 for as many as are answered.</param>
    /// <param name="rows">How many rows a request has: one as an object, more as a list.</param>
    /// <param name="isRandom">True for ids in no order, as UUIDs are.</param>
    public static async Task<int> RunAsync(
        Uri address, int connections, int seconds, string path, string key, string body, int rate, int rows = 1, bool isRandom = false)
    {
        if (rows > 1)
        {
            body = "[" + string.Join(',', Enumerable.Repeat(body, rows)) + "]";
        }

        var until = Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);
        var every = rate > 0 ? TimeSpan.FromSeconds((double)connections / rate) : TimeSpan.Zero;
        var settles = rate > 0 ? Settles : TimeSpan.Zero;
        var started = Stopwatch.GetTimestamp();
        var load = new Load(address, path, key, body, until, every, settles, isRandom);
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(i => Task.Run(() => SendAsync(load, every * i / connections))));
        var elapsed = (Stopwatch.GetElapsedTime(started) - settles).TotalSeconds;
        var p99 = Figures.Percentile(counts.SelectMany(count => count.Times).DefaultIfEmpty(), 0.99);
        Console.WriteLine($"{counts.Sum(count => count.Times.Count) / elapsed:F1} {counts.Sum(count => count.Bad)} {p99:F2}");
        return 0;
    }

    private static async Task<(List<double> Times, long Bad)> SendAsync(Load load, TimeSpan first)
    {
        var request = Encoding.UTF8.GetBytes(
            $"POST {load.Path} HTTP/1.1\r\nHost: {load.Address.Authority}\r\nX-API-Key: {load.Key}\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {Encoding.UTF8.GetByteCount(load.Body)}\r\n\r\n{load.Body}");
        var places = PlacesOf(request);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(load.Address.Host, load.Address.Port);
        var buffer = new byte[16 * 1024];
        var (times, bad) = (new List<double>(), 0L);
        var (started, sent) = (Stopwatch.GetTimestamp(), 0);
        while (Stopwatch.GetTimestamp() < load.Until)
        {
            // One that was late is followed by those it kept waiting, so that the rate holds; they waited from when they were due.
            var late = TimeSpan.Zero;
            if (load.Every > TimeSpan.Zero)
            {
                late = Stopwatch.GetElapsedTime(started) - first - (load.Every * sent++);
                if (late < TimeSpan.Zero)
                {
                    await Task.Delay(-late, TimeProvider.System);
                    late = TimeSpan.Zero;
                }
            }

            foreach (var at in places)
            {
                var number = Interlocked.Increment(ref _number);
                Utf8Formatter.TryFormat(load.IsRandom ? Scatter(number) : number, request.AsSpan(at, Placeholder.Length), out _, new('D', (byte)Placeholder.Length));
            }

            var asked = Stopwatch.GetTimestamp();
            await socket.SendAsync(request);
            if (await AnswerAsync(socket, buffer) != 200)
            {
                bad++;
            }
            else if (Stopwatch.GetElapsedTime(started, asked) - late >= load.Settles)
            {
                times.Add((late + Stopwatch.GetElapsedTime(asked)).TotalMilliseconds);
            }
        }

        return (times, bad);
    }

    private static int[] PlacesOf(ReadOnlySpan<byte> request)
    {
        var (places, placeholder, from) = (new List<int>(), Encoding.UTF8.GetBytes(Placeholder), 0);
        while (request[from..].IndexOf(placeholder) is >= 0 and var next)
        {
            places.Add(from + next);
            from += next + placeholder.Length;
        }

        return [.. places];
    }

    /// <summary>Another number of twelve digits, one to one and in no order: a multiplication modulo a prime.</summary>
    public static long Scatter(long number) => (long)((UInt128)(ulong)number * 618_033_988_749UL % 999_999_999_989UL);

    private static async Task<int> AnswerAsync(Socket socket, byte[] buffer)
    {
        var length = 0;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(length));
            if (read == 0)
            {
                throw new IOException("The server closed the connection.");
            }

            length += read;
            if (IsWhole(buffer.AsSpan(0, length)))
            {
                return Utf8Parser.TryParse(buffer.AsSpan(9, 3), out int status, out _) ? status : 0;
            }
        }
    }

    // By its Content-Length, or by the last chunk.
    private static bool IsWhole(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var field = answer[..end].IndexOf("Content-Length: "u8);
        return field >= 0 && Utf8Parser.TryParse(answer[(field + 16)..], out int length, out _)
            ? answer.Length >= end + 4 + length
            : answer.EndsWith("0\r\n\r\n"u8);
    }

    /// <summary>What each connection posts.</summary>
    /// <param name="Address">The server.</param>
    /// <param name="Path">Where to.</param>
    /// <param name="Key">The API key.</param>
    /// <param name="Body">What is posted.</param>
    /// <param name="Until">When it ends, as a timestamp.</param>
    /// <param name="Every">How long after the start of one request the next is due; zero for as soon as it is answered.</param>
    /// <param name="Settles">For how long nothing is counted.</param>
    /// <param name="IsRandom">True for ids in no order.</param>
    private sealed record Load(Uri Address, string Path, string Key, string Body, long Until, TimeSpan Every, TimeSpan Settles, bool IsRandom);
}
