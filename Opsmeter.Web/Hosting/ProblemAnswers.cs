namespace Opsmeter.Web.Hosting;

/// <summary>Gives the API one error shape, also where no endpoint of ours answered.</summary>
public static partial class ProblemAnswers
{
    /// <summary>The paths of the API.</summary>
    public static readonly PathString Api = "/v1";

    /// <summary>
    /// Under <c>/v1</c>, answers exceptions and bare error statuses with a problem. Pages are left alone: they have their own.
    /// Belongs before everything whose errors it should answer.
    /// </summary>
    public static IApplicationBuilder UseOpsmeterProblems(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ProblemAnswers).FullName!);
        return app.Use((HttpContext context, RequestDelegate next) =>
            context.Request.Path.StartsWithSegments(Api) ? RunAsync(context, next, log) : next(context));
    }

    /// <summary>
    /// Runs the routes that open to keys alone at once: nothing that pages need is for them, and each step between would cost
    /// every call its share. Belongs before what pages need, and behind what all answers need.
    /// </summary>
    public static IApplicationBuilder UseKeyRoutes(this IApplicationBuilder app)
    {
        var log = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ProblemAnswers).FullName!);
        return app.Use((HttpContext context, RequestDelegate next) =>
            context.GetEndpoint() is { RequestDelegate: { } route } endpoint && endpoint.Metadata.GetMetadata<KeyRoute>() is not null
                ? RunAsync(context, route, log)
                : next(context));
    }

    private static async Task RunAsync(HttpContext context, RequestDelegate next, ILogger log)
    {
        try
        {
            await next(context);
        }
        catch (Exception fault) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await AnswerAsync(context, fault, log);
            return;
        }

        if (IsBare(context.Response))
        {
            await Problems.Of(context.Response.StatusCode).ExecuteAsync(context);
        }
    }

    private static bool IsBare(HttpResponse response) =>
        response is { StatusCode: >= 400 and not StatusCodes.Status499ClientClosedRequest, HasStarted: false }
        && response.ContentLength is null or 0
        && string.IsNullOrEmpty(response.ContentType);

    private static Task AnswerAsync(HttpContext context, Exception fault, ILogger log)
    {
        if (fault is BadHttpRequestException bad)
        {
            // Its text is the framework's and may quote the request.
            return Problems.Of(bad.StatusCode).ExecuteAsync(context);
        }

        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return Task.CompletedTask;
        }

        LogUnexpected(log, fault);
        return Problems.Unexpected().ExecuteAsync(context);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request failed unexpectedly")]
    private static partial void LogUnexpected(ILogger logger, Exception fault);
}
