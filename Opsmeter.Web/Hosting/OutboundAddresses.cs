using System.Net;
using System.Net.Sockets;

namespace Opsmeter.Web.Hosting;

/// <summary>Finds the addresses of a host.</summary>
public delegate Task<IPAddress[]> AddressLookup(string host, CancellationToken cancellation);

/// <summary>
/// Says where messages may go: to public addresses, and to those that the operator allows. A host is refused where any of
/// its addresses is, so that a name cannot be pointed elsewhere between the check and the connection.
/// </summary>
public sealed class OutboundAddresses(AddressLookup lookup, AlertOptions options)
{
    private static readonly IPNetwork[] Refused =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",

            // Teredo, documentation, 6to4: the last two carry an IPv4 address that nobody checked.
            "2001::/32", "2001:db8::/32", "2002::/16",
        }.Select(text => IPNetwork.Parse(text)),
    ];

    private static readonly IPNetwork PublicV6 = IPNetwork.Parse("2000::/3");

    /// <summary>The addresses of a host, all of which may be connected to.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="AddressRefusedException">One of them is private, or there is none.</exception>
    public async Task<IPAddress[]> FindAsync(string host, CancellationToken cancellation)
    {
        IPAddress[] found;
        try
        {
            found = IPAddress.TryParse(host.Trim('[', ']'), out var literal) ? [literal] : await lookup(host, cancellation);
        }
        catch (SocketException)
        {
            found = [];
        }

        if (found.Length == 0)
        {
            throw new AddressRefusedException($"No address is known of {host}.", isPrivate: false);
        }

        return found.All(IsAllowed)
            ? found
            : throw new AddressRefusedException($"{host} is a private address. The operator can allow it in Alerts__AllowedAddresses.", isPrivate: true);
    }

    /// <summary>True where an address may be connected to.</summary>
    public bool IsAllowed(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (options.Allowed.Any(network => network.Contains(plain)))
        {
            return true;
        }

        return !Refused.Any(network => network.Contains(plain)) && (plain.AddressFamily == AddressFamily.InterNetwork || PublicV6.Contains(plain));
    }

    /// <summary>Opens a connection to an address of the host that was checked.</summary>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint host, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(host);
        var addresses = await FindAsync(host.Host, cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, host.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A host that nothing is sent to.</summary>
public sealed class AddressRefusedException(string message, bool isPrivate) : IOException(message)
{
    /// <summary>True where it is a private address; false where there is none.</summary>
    public bool IsPrivate { get; } = isPrivate;
}
