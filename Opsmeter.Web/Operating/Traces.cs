using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Opsmeter.Web.Operating;

/// <summary>
/// Opsmeter's own traces: its requests, the commits of its ledger and what its pages read, sent by OTLP where the standard
/// variables of OpenTelemetry name a receiver; without them nothing is recorded. A trace names routes, never ids or people.
/// </summary>
internal static class Traces
{
    private const string ServiceName = "opsmeter";

    // The ledger's and the reports'.
    private const string Sources = "Opsmeter.*";
    private static readonly string[] Receivers = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    // Asked every few seconds by machines: they would bury the rest.
    private static readonly PathString[] Unwatched = ["/health", "/metrics", "/_framework", "/_content"];

    /// <summary>Registers them where a receiver is named.</summary>
    public static IServiceCollection AddTraces(this IServiceCollection services, IConfiguration configuration)
    {
        if (!Receivers.Any(receiver => configuration[receiver] is { Length: > 0 }))
        {
            return services;
        }

        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(ServiceName, serviceVersion: typeof(Traces).Assembly.GetName().Version?.ToString(3)))
            .WithTracing(tracing => tracing
                .AddAspNetCoreInstrumentation(options =>
                {
                    options.Filter = context => !Array.Exists(Unwatched, path => context.Request.Path.StartsWithSegments(path));
                    options.EnrichWithHttpResponse = (activity, response) => Redact(activity, response.HttpContext);
                })
                .AddSource(Sources)
                .AddOtlpExporter());
        return services;
    }

    // A path may hold a request's id, and a query whom a page is about.
    private static void Redact(System.Diagnostics.Activity activity, HttpContext context)
    {
        activity.SetTag("url.path", (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "unknown");
        activity.SetTag("url.query", null);
        activity.SetTag("client.address", null);
    }
}
