using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Identity;

/// <summary>Lets a request through only with a key that has one of some scopes.</summary>
public static class ScopeFilter
{
    private const string KeyHeader = "X-API-Key";
    private const string Bearer = "Bearer ";

    /// <summary>Asks for a key with any of these scopes.</summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, KeyScopes anyOf)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.AddEndpointFilterFactory((_, next) => new Filter(anyOf, next).InvokeAsync);
        return builder.WithMetadata(KeyRoute.Mark);
    }

    /// <summary>The same of whoever calls from another machine; programs of this one need no key.</summary>
    public static TBuilder RequireScopeFromAfar<TBuilder>(this TBuilder builder, KeyScopes anyOf)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.AddEndpointFilterFactory((_, next) =>
        {
            var filter = new Filter(anyOf, next);
            return invocation => IsFromHere(invocation.HttpContext) ? next(invocation) : filter.InvokeAsync(invocation);
        });
        return builder;
    }

    /// <summary>Who calls; set by <see cref="RequireScope"/>.</summary>
    public static Caller Caller(this HttpContext context) =>
        context.Features.Get<Caller>() ?? throw new InvalidOperationException("The route does not ask for a key.");

    /// <summary>Looks for a key that is known and in force.</summary>
    public static bool TryAuthenticate(this HttpContext context, [NotNullWhen(true)] out Caller? caller)
    {
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        caller = context.RequestServices.GetRequiredService<KeyRing>().Authenticate(KeyOf(context.Request), now);
        return caller is not null;
    }

    // A proxy on this machine that is not named as one forwards others.
    private static bool IsFromHere(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
        && !context.Request.Headers.ContainsKey("X-Forwarded-For") && !context.Request.Headers.ContainsKey("Forwarded");

    private static ReadOnlySpan<char> KeyOf(HttpRequest request)
    {
        if (request.Headers.TryGetValue(KeyHeader, out var keys) && keys.Count == 1)
        {
            return keys[0].AsSpan().Trim();
        }

        var authorization = request.Headers.Authorization.Count == 1 ? request.Headers.Authorization[0].AsSpan() : [];
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : [];
    }

    private sealed class Filter(KeyScopes anyOf, EndpointFilterDelegate next)
    {
        public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext invocation)
        {
            var context = invocation.HttpContext;
            if (KeyOf(context.Request).IsEmpty)
            {
                return ValueTask.FromResult<object?>(
                    Problems.Unauthorized("Send a key as X-API-Key or as Authorization: Bearer. Keys are made on the Quickstart page."));
            }

            if (!context.TryAuthenticate(out var caller))
            {
                return ValueTask.FromResult<object?>(Problems.Unauthorized("The key is unknown, expired or revoked."));
            }

            if ((caller.Scopes & anyOf) == KeyScopes.None)
            {
                return ValueTask.FromResult<object?>(Problems.Forbidden($"The key needs the scope {Names(anyOf)}."));
            }

            if (caller.RequestsPerMinute is { } limit && !Count(context, caller, limit, out var retryAfter))
            {
                return ValueTask.FromResult<object?>(Problems.RateLimited(retryAfter));
            }

            context.Features.Set(caller);
            return next(invocation);
        }

        // The fields of the draft of the IETF: the policy, and what is left of it.
        private static bool Count(HttpContext context, Caller caller, int limit, out int retryAfter)
        {
            var isCounted = context.RequestServices.GetRequiredService<KeyRates>().TryCount(caller.KeyId, limit, out var remaining, out var resets);
            retryAfter = Math.Max(1, (int)Math.Ceiling(resets.TotalSeconds));
            context.Response.Headers["RateLimit-Policy"] = string.Create(CultureInfo.InvariantCulture, $"\"key\";q={limit};w={KeyRates.Window.TotalSeconds:0}");
            context.Response.Headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"key\";r={remaining};t={retryAfter}");
            return isCounted;
        }

        private static string Names(KeyScopes scopes) =>
            string.Join(" or ", Enum.GetValues<KeyScopes>()
                .Where(scope => scope is not (KeyScopes.None or KeyScopes.All) && scopes.HasFlag(scope))
                .Select(scope => $"{scope}".ToLowerInvariant()));
    }
}
