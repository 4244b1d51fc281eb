using Microsoft.AspNetCore.WebUtilities;

namespace Opsmeter.Web.Documents;

/// <summary>How mail goes: <c>mailto:a@example.com,b@example.com</c> by the server of the settings, or <c>smtps://user@host:465/?from=…&amp;to=…</c>.</summary>
public sealed record MailRoute
{
    /// <summary>The server; null for that of the settings.</summary>
    public string? Server { get; init; }
    public int Port { get; init; }

    /// <summary>True where the connection is encrypted from its start; otherwise it is encrypted as soon as the server can.</summary>
    public bool IsTls { get; init; }
    public string? User { get; init; }

    /// <summary>The password in the address; a channel's is its secret.</summary>
    public string? Password { get; init; }
    public string? From { get; init; }
    public IReadOnlyList<string> To { get; init; } = [];

    /// <summary>Reads an address.</summary>
    public static bool TryParse(string url, out MailRoute route)
    {
        route = new MailRoute();
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            return false;
        }

        if (uri.Scheme == Uri.UriSchemeMailto)
        {
            var rest = url[(Uri.UriSchemeMailto.Length + 1)..];
            route = new MailRoute { To = Addresses(Uri.UnescapeDataString(rest)) };
            return !rest.Contains('?', StringComparison.Ordinal);
        }

        if (uri.Scheme is not ("smtp" or "smtps") || uri.Host.Length == 0)
        {
            return false;
        }

        var query = QueryHelpers.ParseQuery(uri.Query);
        var user = uri.UserInfo.Split(':', 2);
        var isTls = uri.Scheme == "smtps";
        route = new MailRoute
        {
            Server = uri.IdnHost,
            Port = uri.IsDefaultPort || uri.Port <= 0 ? isTls ? 465 : 587 : uri.Port,
            IsTls = isTls,
            User = user[0].Length > 0 ? Uri.UnescapeDataString(user[0]) : null,
            Password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : null,
            From = query.TryGetValue("from", out var from) ? from.ToString() : null,
            To = query.TryGetValue("to", out var to) ? Addresses(to.ToString()) : [],
        };
        return true;
    }

    private static string[] Addresses(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
