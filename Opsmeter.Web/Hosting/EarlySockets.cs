using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// The server's addresses, taken as soon as they are known, before anything else is made: senders that connect meanwhile wait
/// for their answer instead of being refused, so that a restart is shorter for them than it is.
/// </summary>
internal sealed class EarlySockets : IDisposable
{
    private const int Backlog = 512;
    private readonly ConcurrentDictionary<EndPoint, Socket> _taken = new();

    /// <summary>Has a server ask for its sockets here.</summary>
    public void Register(IServiceCollection services) =>
        services.AddOptions<SocketTransportOptions>().Configure(transport => transport.CreateBoundListenSocket = For);

    /// <summary>Takes what it can. What it cannot, the server tries itself and says why not.</summary>
    /// <param name="urls">As the server has them, separated by semicolons.</param>
    public void Take(string? urls)
    {
        foreach (var endPoint in (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).SelectMany(EndPointsOf))
        {
            try
            {
                var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
                socket.Listen(Backlog);
                _taken[endPoint] = socket;
            }
            catch (SocketException)
            {
                // The server comes to it later, and its message names the address.
            }
        }
    }

    /// <summary>The socket for one of the server's addresses.</summary>
    public Socket For(EndPoint endPoint) =>
        _taken.TryRemove(endPoint, out var socket) ? socket : SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);

    /// <summary>Gives back what the server did not come for.</summary>
    public void Dispose()
    {
        foreach (var endPoint in _taken.Keys)
        {
            if (_taken.TryRemove(endPoint, out var socket))
            {
                socket.Dispose();
            }
        }
    }

    // As the server reads them: a name that is no address means all of them.
    private static IEnumerable<EndPoint> EndPointsOf(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException)
        {
            return [];
        }

        return address switch
        {
            { Port: 0 } or { IsUnixPipe: true } or { IsNamedPipe: true } => [],
            { Host: "localhost" } => [new IPEndPoint(IPAddress.Loopback, address.Port), new IPEndPoint(IPAddress.IPv6Loopback, address.Port)],
            _ when IPAddress.TryParse(address.Host, out var own) => [new IPEndPoint(own, address.Port)],
            _ => [new IPEndPoint(IPAddress.IPv6Any, address.Port)],
        };
    }
}
