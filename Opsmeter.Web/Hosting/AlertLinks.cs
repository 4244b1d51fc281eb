using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Opsmeter.Web.Hosting;

/// <summary>Makes the links of messages, and reads those that say that someone knows.</summary>
public sealed class AlertLinks(AlertOptions options, IServer server, IDataProtectionProvider protection)
{
    /// <summary>How long a link is good for.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    private const string Acknowledging = "alerts/acknowledge";
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("acknowledge-link").ToTimeLimitedDataProtector();

    /// <summary>A page of the product.</summary>
    /// <param name="page">The page and its query, relative to the base.</param>
    public Uri To(string page) => new(Base(), page);

    /// <summary>The link by which the receiver of a message says that they know.</summary>
    public Uri ToAcknowledge(string messageId) => To($"{Acknowledging}?token={Uri.EscapeDataString(_protector.Protect(messageId, Kept))}");

    /// <summary>The message that a link was in; null where it is not one of ours, or too old.</summary>
    public string? MessageOf(string? token)
    {
        try
        {
            return string.IsNullOrEmpty(token) ? null : _protector.Unprotect(token);
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return null;
        }
    }

    private Uri Base()
    {
        if (options.PublicUrl is { } known)
        {
            return known;
        }

        // An address for all interfaces is no address to go to.
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost";
        var parts = BindingAddress.Parse(address);
        var host = parts.Host is "*" or "+" or "[::]" or "0.0.0.0" ? "localhost" : parts.Host;
        return new UriBuilder(parts.Scheme, host, parts.Port, parts.PathBase + "/").Uri;
    }
}
