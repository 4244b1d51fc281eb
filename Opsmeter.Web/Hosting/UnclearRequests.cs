using Microsoft.AspNetCore.Http.Features;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// Refuses requests of which a proxy in front may have another reading than we have, with 400, and closes the connection:
/// what follows on it may be the rest of what the other reading takes for this request. What the server refuses by itself
/// (folded headers, two lengths, a host that is not the target's) never gets here.
/// </summary>
internal sealed class UnclearRequests(RequestDelegate next)
{
    // Where a body has both, the server goes by its chunks and keeps the length under this name.
    private const string LengthBesideChunks = "X-Content-Length";

    /// <summary>Looks, and goes on or answers 400.</summary>
    public Task InvokeAsync(HttpContext context)
    {
        if (WhyUnclear(context) is not { } why)
        {
            return next(context);
        }

        context.Response.Headers.Connection = "close";
        return Problems.Malformed(why).ExecuteAsync(context);
    }

    private static string? WhyUnclear(HttpContext context)
    {
        var request = context.Request;
        var transfer = request.Headers.TransferEncoding;
        if (transfer.Count > 0 && (request.Headers.ContainsKey(LengthBesideChunks) || request.Headers.ContentLength is not null))
        {
            return "Send Content-Length or Transfer-Encoding, not both.";
        }

        // Of "gzip, chunked" the server sees the chunks alone, and would give their bytes for the body.
        if (transfer.Count > 1 || (transfer.Count == 1 && !string.Equals(transfer[0], "chunked", StringComparison.OrdinalIgnoreCase)))
        {
            return "Send Transfer-Encoding: chunked, or none.";
        }

        // Routing takes "post" for POST; a proxy's rules may not.
        if (request.Method.AsSpan().ContainsAnyInRange('a', 'z'))
        {
            return "Write the method in capitals.";
        }

        return context.Features.Get<IHttpRequestFeature>()?.RawTarget is [not ('/' or '*'), ..] && !HttpMethods.IsConnect(request.Method)
            ? "Send the path alone, and the host in the Host header."
            : null;
    }
}
