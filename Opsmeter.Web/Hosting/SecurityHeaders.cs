using System.Security.Cryptography;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// Sets the security headers of every answer, and the nonce that the page's inline import map carries. Answers of the API
/// are never shown as a page, so theirs allow nothing.
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next)
{
    private const int NonceBytes = 18;
    private const string ApiPolicy = "default-src 'none'; frame-ancestors 'none'";
    private const string YearOfHttps = "max-age=31536000";
    private static readonly object NonceKey = new();

    /// <summary>The nonce of this answer's content security policy.</summary>
    public static string Nonce(HttpContext context)
    {
        if (context.Items[NonceKey] is string nonce)
        {
            return nonce;
        }

        var made = Convert.ToBase64String(RandomNumberGenerator.GetBytes(NonceBytes));
        context.Items[NonceKey] = made;
        return made;
    }

    /// <summary>Sets the headers and goes on.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        // On starting, not now: the error handler clears the headers of an answer it replaces.
        context.Response.OnStarting(SetAsync, context);
        return next(context);
    }

    private static Task SetAsync(object state)
    {
        var context = (HttpContext)state;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments(ProblemAnswers.Api) ? ApiPolicy : Policy(Nonce(context));
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-create=(self), publickey-credentials-get=(self)";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (context.Request.IsHttps && !HostingOptions.IsLoopback(context.Request.Host.Host))
        {
            headers.StrictTransportSecurity = YearOfHttps;
        }

        return Task.CompletedTask;
    }

    // Styles stay 'unsafe-inline': MudBlazor's theme and popovers write style elements and attributes.
    private static string Policy(string nonce) =>
        "default-src 'self'; base-uri 'self'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; "
        + "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + $"script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'";
}
