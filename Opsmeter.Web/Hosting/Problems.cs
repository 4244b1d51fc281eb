using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;

namespace Opsmeter.Web.Hosting;

/// <summary>Every error the API answers with. A <c>type</c> never changes its meaning: callers may act on it.</summary>
public static class Problems
{
    /// <summary>400: fields are missing or wrong.</summary>
    /// <param name="errors">Field → messages.</param>
    public static IResult Malformed(IReadOnlyDictionary<string, string[]> errors) => new ProblemAnswer
    {
        Type = "/problems/malformed",
        Title = "The request is malformed.",
        Status = StatusCodes.Status400BadRequest,
        Detail = "See errors for what to change.",
        Errors = errors,
    };

    /// <summary>400: the request as a whole cannot be understood.</summary>
    public static IResult Malformed(string? detail = null) => Of(StatusCodes.Status400BadRequest, detail);

    /// <summary>400: one field is wrong.</summary>
    public static IResult Malformed(string field, string message) =>
        Malformed(new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] });

    /// <summary>401: no key, or not one of ours.</summary>
    public static IResult Unauthorized(string? detail = null) => new Challenge(new ProblemAnswer
    {
        Type = "/problems/unauthorized",
        Title = "A valid key is needed.",
        Status = StatusCodes.Status401Unauthorized,
        Detail = detail ?? "Send a key as X-API-Key or as Authorization: Bearer.",
    });

    /// <summary>402: a decision to block, for gateways that act on the status. Carries no amount.</summary>
    /// <param name="reason">The decision's reason code.</param>
    /// <param name="message">The text for the end user, or null.</param>
    /// <param name="resetsAt">When spending starts again, or null.</param>
    public static IResult Blocked(string reason, string? message, DateTimeOffset? resetsAt) => new ProblemAnswer
    {
        Type = "/problems/blocked",
        Title = "This call is blocked.",
        Status = StatusCodes.Status402PaymentRequired,
        Detail = message,
        Members = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["reason"] = reason,
            ["message"] = message,
            ["resetsAt"] = resetsAt?.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        },
    };

    /// <summary>403: the key is good, but not for this.</summary>
    public static IResult Forbidden(string? detail = null) => Of(StatusCodes.Status403Forbidden, detail);

    /// <summary>404.</summary>
    public static IResult NotFound(string? detail = null) => Of(StatusCodes.Status404NotFound, detail);

    /// <summary>405.</summary>
    public static IResult MethodNotAllowed() => Of(StatusCodes.Status405MethodNotAllowed, null);

    /// <summary>408: the body stopped coming.</summary>
    public static IResult TimedOut() => Of(StatusCodes.Status408RequestTimeout, null);

    /// <summary>409: a name or pattern is taken.</summary>
    public static IResult Conflict(string? detail = null) => Of(StatusCodes.Status409Conflict, detail);

    /// <summary>409: the value of one field is taken.</summary>
    public static IResult Conflict(string field, string message) => new ProblemAnswer
    {
        Type = "/problems/conflict",
        Title = "The name or pattern is taken.",
        Status = StatusCodes.Status409Conflict,
        Detail = "See errors for what to change.",
        Errors = new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] },
    };

    /// <summary>412: <c>If-Match</c> names another version.</summary>
    public static IResult PreconditionFailed(string? detail = null) => Of(StatusCodes.Status412PreconditionFailed, detail);

    /// <summary>413: too many bytes or rows.</summary>
    public static IResult TooLarge(string? detail = null) => Of(StatusCodes.Status413PayloadTooLarge, detail);

    /// <summary>415: the type, charset or encoding of the body is not understood.</summary>
    public static IResult UnsupportedMediaType(string? detail = null) =>
        Of(StatusCodes.Status415UnsupportedMediaType, detail);

    /// <summary>429: the key's rate limit.</summary>
    public static IResult RateLimited(int retryAfterSeconds) =>
        Of(StatusCodes.Status429TooManyRequests, null, retryAfterSeconds);

    /// <summary>500: a fault of ours; says nothing about it.</summary>
    public static IResult Unexpected() => Of(StatusCodes.Status500InternalServerError, null);

    /// <summary>503: the store cannot take the write now; nothing is known to be lost.</summary>
    public static IResult Unavailable(int retryAfterSeconds, string? detail = null) =>
        Of(StatusCodes.Status503ServiceUnavailable, detail, retryAfterSeconds);

    /// <summary>The problem that a bare status stands for.</summary>
    /// <param name="status">400 or above.</param>
    /// <param name="detail">What to change, or null for the usual text.</param>
    /// <param name="retryAfterSeconds">After how many seconds to try again, or null.</param>
    public static IResult Of(int status, string? detail = null, int? retryAfterSeconds = null)
    {
        if (status == StatusCodes.Status401Unauthorized)
        {
            return Unauthorized(detail);
        }

        var (type, title, usual) = Describe(status);
        return new ProblemAnswer
        {
            Type = type,
            Title = title,
            Status = status,
            Detail = detail ?? usual,
            RetryAfterSeconds = retryAfterSeconds,
        };
    }

    private static (string Type, string Title, string? Detail) Describe(int status) => status switch
    {
        400 => ("/problems/malformed", "The request is malformed.", null),
        403 => ("/problems/forbidden", "The key is not allowed to do this.", null),
        404 => ("/problems/not-found", "There is nothing here.", null),
        405 => ("/problems/method-not-allowed", "The method is not allowed here.", "See the Allow header."),
        408 => ("/problems/timed-out", "The request took too long to arrive.", "Send it again."),
        409 => ("/problems/conflict", "The name or pattern is taken.", null),
        412 => ("/problems/precondition-failed", "The object has changed since it was read.", "Read it again, then change it."),
        413 => ("/problems/too-large", "The request is too large.", null),
        415 => ("/problems/unsupported-media-type", "The body's type is not understood.", null),
        429 => ("/problems/rate-limited", "Too many requests.", "Wait as long as Retry-After says."),
        500 => ("/problems/unexpected", "The server failed.", "The traceId leads to the log."),
        503 => ("/problems/unavailable", "The server cannot take this now.", "Send it again, with the same id, after Retry-After."),
        _ => ("about:blank", ReasonPhrases.GetReasonPhrase(status), null),
    };

    // RFC 9110 asks for a challenge beside every 401.
    private sealed class Challenge(ProblemAnswer answer) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => answer.Status;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.WWWAuthenticate = "Bearer";
            return answer.ExecuteAsync(httpContext);
        }
    }
}
