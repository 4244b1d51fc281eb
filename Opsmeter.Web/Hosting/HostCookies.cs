using Microsoft.Extensions.Primitives;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// Over HTTPS, this app's cookies carry the prefix <c>__Host-</c>: browsers take such a cookie from this host alone, over
/// HTTPS alone and for all paths, so that no neighbouring host and no one on the way can plant one. Cookies without it are not
/// seen there. Code inside knows them by their bare names.
/// </summary>
internal sealed class HostCookies(RequestDelegate next)
{
    /// <summary>What the names of all cookies begin with that let somebody in.</summary>
    public const string Start = "opsmeter";

    /// <summary>The cookie that scripts write: it chooses colours.</summary>
    public const string Theme = "opsmeter-theme";

    private const string Prefix = "__Host-";

    /// <summary>Renames what comes in, and what goes out.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.IsHttps)
        {
            return next(context);
        }

        var headers = context.Request.Headers;
        if (headers.Cookie.Count > 0)
        {
            headers.Cookie = Incoming(headers.Cookie);
        }

        context.Response.OnStarting(
            state =>
            {
                var cookies = ((HttpContext)state).Response.Headers.SetCookie;
                ((HttpContext)state).Response.Headers.SetCookie = new StringValues([.. cookies.Select(Outgoing)]);
                return Task.CompletedTask;
            },
            context);
        return next(context);
    }

    private static string Incoming(StringValues cookies) => string.Join("; ", cookies
        .SelectMany(line => (line ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Select(pair => pair.StartsWith(Prefix + Start, StringComparison.Ordinal) ? pair[Prefix.Length..] : IsOurs(pair) ? null : pair)
        .OfType<string>());

    private static string? Outgoing(string? cookie) => cookie is not null && IsOurs(cookie) ? Prefix + cookie : cookie;

    private static bool IsOurs(string pair) =>
        pair.StartsWith(Start, StringComparison.Ordinal) && !pair.StartsWith(Theme + "=", StringComparison.Ordinal);
}
