using System.Net.Sockets;
using System.Text;

namespace Opsmeter.Tests.Support;

/// <summary>
/// Callers that hold connections and say next to nothing: a third sends headers a byte a second, a third a body, a third
/// nothing. Each that is closed may come back, so that as many stay open.
/// </summary>
internal sealed class SlowSenders(Uri address, string key, int count, bool comeBack)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(4);
    private int _open;
    private int _closed;
    private int _refused;

    /// <summary>How many are connected.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>How many times the server closed one.</summary>
    public int Closed => Volatile.Read(ref _closed);

    /// <summary>How many times one could not connect.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Connects all of them, one after the other, and sends until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var senders = new List<Task>(count);
        for (var i = 0; i < count && !cancellation.IsCancellationRequested; i++)
        {
            senders.Add(SendAsync(i, cancellation));
            await Task.Delay(Between, TimeProvider.System, CancellationToken.None);
        }

        await Task.WhenAll(senders);
    }

    private async Task SendAsync(int number, CancellationToken cancellation)
    {
        do
        {
            try
            {
                await OnceAsync(number, cancellation);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
        while (comeBack && !cancellation.IsCancellationRequested);
    }

    private async Task OnceAsync(int number, CancellationToken cancellation)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellation);
        }
        catch (SocketException)
        {
            Interlocked.Increment(ref _refused);
            await Task.Delay(Every, TimeProvider.System, cancellation);
            return;
        }

        Interlocked.Increment(ref _open);
        try
        {
            using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var sending = DripAsync(socket, number, over.Token);
            await UntilClosedAsync(socket, cancellation);
            Interlocked.Increment(ref _closed);
            await over.CancelAsync();
            await sending;
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    private async Task DripAsync(Socket socket, int number, CancellationToken cancellation)
    {
        var head = $"POST /v1/ingest/llm-request HTTP/1.1\r\nHost: {address.Authority}\r\nX-API-Key: {key}\r\n";
        var first = (number % 3) switch
        {
            0 => head + "X-Slow: ",
            1 => head + "Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{",
            _ => "",
        };
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(first), cancellation);
            while (first.Length > 0)
            {
                await Task.Delay(Every, TimeProvider.System, cancellation);
                await socket.SendAsync(" "u8.ToArray(), cancellation);
            }
        }
        catch (Exception gone) when (gone is SocketException or OperationCanceledException)
        {
        }
    }

    private static async Task UntilClosedAsync(Socket socket, CancellationToken cancellation)
    {
        var answer = new byte[256];
        try
        {
            while (await socket.ReceiveAsync(answer, cancellation) > 0)
            {
            }
        }
        catch (SocketException)
        {
        }
    }
}
