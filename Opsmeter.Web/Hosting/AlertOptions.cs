using System.Net;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Hosting;

/// <summary>What the operator says of messages, under <c>Alerts</c> in the settings.</summary>
public sealed class AlertOptions
{
    /// <summary>Private addresses that channels may have, as CIDR blocks.</summary>
    public required IReadOnlyList<IPNetwork> Allowed { get; init; }

    /// <summary>The server that mail to members goes by; null where there is none.</summary>
    public MailRoute? Mail { get; init; }

    /// <summary>Where people open the product, for links in messages; null for the first address that it listens on.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Reads <c>Alerts:AllowedAddresses</c>, <c>Alerts:MailServer</c> and <c>Alerts:PublicUrl</c>.</summary>
    /// <exception cref="InvalidOperationException">One of them is not what it should be; the message says what to write.</exception>
    public static AlertOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection("Alerts");
        return new AlertOptions { Allowed = Networks(section["AllowedAddresses"]), Mail = MailServer(section["MailServer"]), PublicUrl = Url(section["PublicUrl"]) };
    }

    private static IPNetwork[] Networks(string? text) =>
    [
        .. (text ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(part =>
            IPNetwork.TryParse(part, out var network) ? network
            : IPAddress.TryParse(part, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
            : throw new InvalidOperationException($"Alerts__AllowedAddresses: write CIDR blocks with commas between them, such as 10.0.0.0/8; \"{part}\" is none.")),
    ];

    private static MailRoute? MailServer(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : MailRoute.TryParse(text, out var route) && route is { Server: not null, From: not null } ? route
        : throw new InvalidOperationException("Alerts__MailServer: write smtps://user:password@mail.example.com:465/?from=opsmeter@example.com.");

    private static Uri? Url(string? text) =>
        string.IsNullOrWhiteSpace(text) ? null
        : Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "https" or "http" ? url
        : throw new InvalidOperationException("Alerts__PublicUrl: write the address that people open, such as https://opsmeter.example.com.");
}
