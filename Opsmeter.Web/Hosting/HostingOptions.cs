using System.Net;

namespace Opsmeter.Web.Hosting;

/// <summary>How people reach this Opsmeter, configuration section <c>Hosting</c>.</summary>
public sealed class HostingOptions
{
    /// <summary>
    /// True to let people sign in over plain HTTP from other machines: who listens on the way reads passwords and cookies,
    /// and every page says so. Off unless said.
    /// </summary>
    public bool AllowHttp { get; init; }

    /// <summary>
    /// The proxies whose <c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c> and <c>X-Forwarded-Host</c> are believed: addresses
    /// or networks (<c>10.0.0.0/8</c>), separated by commas or spaces. None unless said.
    /// </summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>Reads <c>Hosting:AllowHttp</c> and <c>Hosting:TrustedProxies</c>.</summary>
    /// <exception cref="InvalidOperationException">One of them is not what it should be; the message says what to write.</exception>
    public static HostingOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection("Hosting");
        return new HostingOptions
        {
            AllowHttp = section["AllowHttp"] switch
            {
                null or "" => false,
                var text => bool.TryParse(text, out var allow) ? allow : throw new InvalidOperationException("Hosting__AllowHttp: write true or false."),
            },
            TrustedProxies =
            [
                .. (section["TrustedProxies"] ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(NetworkOf),
            ],
        };
    }

    /// <summary>True where nobody on the way can read a password: over HTTPS, on the machine itself, or where the operator allows it.</summary>
    public bool IsSafe(HttpContext context) => AllowHttp || context.Request.IsHttps || IsLoopback(context.Request.Host.Host);

    /// <summary>True for the names and addresses of the machine itself.</summary>
    public static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static IPNetwork NetworkOf(string text) =>
        IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : throw new InvalidOperationException($"Hosting__TrustedProxies: write addresses or networks such as 10.0.0.0/8, with commas between them; \"{text}\" is neither.");
}
