using System.Buffers.Binary;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Opsmeter.Tests.Support;

namespace Opsmeter.Tests.Web.Live;

/// <summary>A connection of pages as somebody opens it who is signed in and writes its messages by hand.</summary>
internal sealed class CircuitSocket : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();

    private CircuitSocket()
    {
    }

    /// <summary>Everything that came, as it came.</summary>
    public string Received { get; private set; } = "";

    /// <summary>Signs in by the form and connects.</summary>
    public static async Task<CircuitSocket> OpenAsync(Uri address)
    {
        var cookies = new CookieContainer();
        using var handler = new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = address };
        await client.SignInAsync(OpsmeterProcess.AdminEmail, OpsmeterProcess.AdminPassword);
        var opened = new CircuitSocket();
        opened._socket.Options.Cookies = cookies;
        await opened._socket.ConnectAsync(new UriBuilder(new Uri(address, "_blazor")) { Scheme = "ws" }.Uri, CancellationToken.None);
        await opened._socket.SendAsync("""{"protocol":"blazorpack","version":1}"""u8.ToArray().Append((byte)0x1e).ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        return opened;
    }

    /// <summary>Calls a method of the server.</summary>
    public async Task CallAsync(string target, params object?[] arguments)
    {
        var message = new MemoryStream();
        message.Write([0x95, 0x01, 0x80]);
        Write(message, "7");
        Write(message, target);
        message.WriteByte((byte)(0x90 | arguments.Length));
        foreach (var argument in arguments)
        {
            Write(message, argument);
        }

        var body = message.ToArray();
        var framed = new MemoryStream();
        for (var length = body.Length; ; length >>= 7)
        {
            framed.WriteByte((byte)(length > 0x7f ? (length & 0x7f) | 0x80 : length));
            if (length <= 0x7f)
            {
                break;
            }
        }

        framed.Write(body);
        await SendAsync(framed.ToArray());
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendAsync(byte[] bytes)
    {
        try
        {
            await _socket.SendAsync(bytes, WebSocketMessageType.Binary, true, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // Closed meanwhile, which is seen by who waits for it.
        }
    }

    /// <summary>True when the server closes the connection, or says that it does not do what it was called for, within a time.</summary>
    public async Task<bool> IsRefusedAsync(TimeSpan within)
    {
        using var late = new CancellationTokenSource(within, TimeProvider.System);
        var buffer = new byte[16 * 1024];
        try
        {
            while (_socket.State == WebSocketState.Open && !Received.Contains("Failed to invoke", StringComparison.Ordinal))
            {
                var read = await _socket.ReceiveAsync(buffer, late.Token);
                Received += Encoding.Latin1.GetString(buffer, 0, read.Count);
            }
        }
        catch (WebSocketException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        return true;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    // MessagePack: nothing, whole numbers and text.
    private static void Write(MemoryStream to, object? value)
    {
        Span<byte> number = stackalloc byte[9];
        switch (value)
        {
            case null:
                to.WriteByte(0xc0);
                break;
            case long whole:
                number[0] = 0xd3;
                BinaryPrimitives.WriteInt64BigEndian(number[1..], whole);
                to.Write(number);
                break;
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                number[0] = 0xdb;
                BinaryPrimitives.WriteInt32BigEndian(number[1..], bytes.Length);
                to.Write(number[..5]);
                to.Write(bytes);
                break;
            default:
                throw new ArgumentException($"{value.GetType().Name} is not written here.", nameof(value));
        }
    }
}
