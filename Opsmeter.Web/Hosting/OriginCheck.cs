namespace Opsmeter.Web.Hosting;

/// <summary>
/// Refuses what another site's page sends with a visitor's cookies: WebSockets, which browsers open across sites, the
/// connections of pages, and every request that changes something.
/// </summary>
internal sealed class OriginCheck(RequestDelegate next)
{
    /// <summary>Looks, and goes on or answers 403.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (IsGuarded(context) && IsFromElsewhere(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(context);
    }

    // The API opens to keys alone, which no browser sends by itself.
    private static bool IsGuarded(HttpContext context) =>
        !context.Request.Path.StartsWithSegments(ProblemAnswers.Api)
        && (context.WebSockets.IsWebSocketRequest || IsConnect(context.Request) || !IsRead(context.Request.Method) || context.Request.Path.StartsWithSegments("/_blazor")
            || context.Request.Path.StartsWithSegments("/hubs"));

    private static bool IsConnect(HttpRequest request) => HttpMethods.IsConnect(request.Method);

    private static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    // The scheme is left out: a proxy that ends TLS speaks HTTP to us unless it is trusted to say otherwise.
    private static bool IsFromElsewhere(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"].ToString() is "cross-site")
        {
            return true;
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length > 0
            && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && from.Authority.Equals(WithoutUsualPort(request, from), StringComparison.OrdinalIgnoreCase));
    }

    private static string WithoutUsualPort(HttpRequest request, Uri from) =>
        request.Host.Port is { } port && port == (from.Scheme == Uri.UriSchemeHttps ? 443 : 80) ? request.Host.Host : request.Host.Value ?? "";
}
