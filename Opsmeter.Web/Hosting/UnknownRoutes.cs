using Microsoft.AspNetCore.Routing.Template;

namespace Opsmeter.Web.Hosting;

/// <summary>
/// Under <c>/v1</c>, 404 for a path that no route has and 405 with <c>Allow</c> for one that has it under another method.
/// Routing alone would answer 405 for every unknown path but a GET: the files of the pages have a route for any path.
/// </summary>
internal static class UnknownRoutes
{
    /// <summary>Takes what no route of the API does. Belongs behind all of them.</summary>
    public static void MapUnknownApiRoutes(this WebApplication app)
    {
        var routes = new Lazy<IReadOnlyList<(TemplateMatcher Path, IReadOnlyList<string> Methods)>>(() => RoutesOf(app));
        app.Map(ProblemAnswers.Api + "/{**path}", (HttpContext context) => Answer(context, routes.Value)).WithOrder(int.MaxValue);
    }

    private static IResult Answer(HttpContext context, IReadOnlyList<(TemplateMatcher Path, IReadOnlyList<string> Methods)> routes)
    {
        // "/v1/budgets/state" is no budget: the path with the fewest parameters is the one that was meant.
        var allowed = routes.Where(route => route.Path.TryMatch(context.Request.Path, []))
            .GroupBy(route => route.Path.Template.Parameters.Count)
            .MinBy(group => group.Key)?
            .SelectMany(route => route.Methods)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (allowed is null)
        {
            return Problems.NotFound();
        }

        context.Response.Headers.Allow = string.Join(", ", allowed);
        return Problems.MethodNotAllowed();
    }

    private static List<(TemplateMatcher, IReadOnlyList<string>)> RoutesOf(IEndpointRouteBuilder app) =>
    [
        .. from endpoint in app.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
           let methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods
           where methods is { Count: > 0 } && endpoint.RoutePattern.RawText?.StartsWith(ProblemAnswers.Api + "/", StringComparison.Ordinal) == true
           select (new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []), methods),
    ];
}
