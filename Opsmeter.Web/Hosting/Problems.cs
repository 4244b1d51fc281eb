using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace Opsmeter.Web.Hosting;

/// <summary>Every error answer, as RFC 9457 problem details.</summary>
public static class Problems
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static IResult Malformed(string detail, IReadOnlyDictionary<string, string[]>? errors = null) =>
        Of(StatusCodes.Status400BadRequest, "malformed", "The request is not valid", detail, errors);

    public static IResult Invalid(IReadOnlyDictionary<string, string[]> errors) =>
        Malformed("See errors for what to change, by field.", errors);

    public static IResult Unauthorized(string detail) =>
        Of(StatusCodes.Status401Unauthorized, "unauthorized", "A valid API key is needed", detail);

    public static IResult Forbidden(string detail) =>
        Of(StatusCodes.Status403Forbidden, "forbidden", "The key may not do this", detail);

    public static IResult NotFound(string detail) => Of(StatusCodes.Status404NotFound, "not-found", "Not found", detail);

    public static IResult Conflict(string detail, IReadOnlyDictionary<string, string[]>? errors = null) =>
        Of(StatusCodes.Status409Conflict, "conflict", "It is taken", detail, errors);

    public static IResult PreconditionFailed() => Of(
        StatusCodes.Status412PreconditionFailed, "changed-since", "It was changed meanwhile",
        "If-Match names an older version. Read it again, apply your change to that, and send its ETag.");

    public static IResult TooLarge(string detail) =>
        Of(StatusCodes.Status413PayloadTooLarge, "too-large", "The body is too large", detail);

    public static IResult UnsupportedMediaType(string detail) =>
        Of(StatusCodes.Status415UnsupportedMediaType, "unsupported-media-type", "The body's type is not supported", detail);

    public static IResult Unavailable(string detail, int retryAfterSeconds = 1) =>
        new ProblemResult(Details(StatusCodes.Status503ServiceUnavailable, "unavailable", "Try again shortly", detail), retryAfterSeconds);

    /// <summary>A problem with further members.</summary>
    public static IResult Of(
        int status, string type, string title, string detail, IReadOnlyDictionary<string, string[]>? errors = null,
        params (string Name, object? Value)[] members)
    {
        var problem = Details(status, type, title, detail);
        if (errors is not null)
        {
            problem.Extensions["errors"] = errors;
        }

        foreach (var (name, value) in members)
        {
            problem.Extensions[name] = value;
        }

        return new ProblemResult(problem, null);
    }

    /// <summary>Answers what no endpoint answered: unexpected failures without details, and bare status codes.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(handler => handler.Run(context =>
        {
            var error = context.Features.Get<Microsoft.AspNetCore.Diagnostics.IExceptionHandlerFeature>()?.Error;
            var status = error is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError;
            return StatusOnly(status).ExecuteAsync(context);
        }));
        app.UseWhen(
            context => context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase),
            branch => branch.UseStatusCodePages(context => StatusOnly(context.HttpContext.Response.StatusCode).ExecuteAsync(context.HttpContext)));
    }

    private static IResult StatusOnly(int status) => status switch
    {
        StatusCodes.Status404NotFound => NotFound("There is no such route."),
        StatusCodes.Status405MethodNotAllowed => Of(status, "method-not-allowed", "Method not allowed", "This route does not take that method."),
        StatusCodes.Status413PayloadTooLarge => TooLarge("The body is larger than this route takes."),
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType("Send application/json."),
        >= 400 and < 500 => Of(status, "malformed", "The request is not valid", "The request could not be read."),
        _ => Of(status, "internal", "Something went wrong here", "The failure was logged under this traceId."),
    };

    private static ProblemDetails Details(int status, string type, string title, string detail) =>
        new() { Type = "/problems/" + type, Title = title, Status = status, Detail = detail };

    private sealed class ProblemResult(ProblemDetails problem, int? retryAfterSeconds) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            problem.Extensions["traceId"] = Activity.Current?.Id ?? httpContext.TraceIdentifier;
            httpContext.Response.StatusCode = problem.Status!.Value;
            if (retryAfterSeconds is { } seconds)
            {
                httpContext.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
            }

            if (problem.Status == StatusCodes.Status401Unauthorized)
            {
                httpContext.Response.Headers.WWWAuthenticate = "Bearer realm=\"opsmeter\"";
            }

            return httpContext.Response.WriteAsJsonAsync(problem, Json, "application/problem+json", httpContext.RequestAborted);
        }
    }
}
