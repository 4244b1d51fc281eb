using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Policy;

/// <summary>What is said of alerts: <c>/v1/alerts/{id}/acknowledge</c> and <c>…/snooze</c>.</summary>
internal static class AlertApi
{
    public static void MapAlerts(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/alerts/{id}/acknowledge", AcknowledgeAsync).RequireScope(KeyScopes.Manage);
        routes.MapPost("/alerts/{id}/snooze", SnoozeAsync).RequireScope(KeyScopes.Manage);
    }

    private static async Task<IResult> AcknowledgeAsync(HttpContext context, string id, AlertPolicies alerts)
    {
        var (wanted, refusal) = await PolicyHttp.ReadAsync(context, fields => new { Outcome = fields.Choice<AlertOutcome>("outcome") });
        return wanted is null ? refusal!
            : await alerts.AcknowledgeAsync(context.Caller().WorkspaceId, id, wanted.Outcome, context.Caller().Actor) ? Results.NoContent()
            : Problems.NotFound();
    }

    private static async Task<IResult> SnoozeAsync(HttpContext context, string id, AlertPolicies alerts)
    {
        var (wanted, refusal) = await PolicyHttp.ReadAsync(context, fields => new { Until = fields.Instant("until") });
        if (wanted is null)
        {
            return refusal!;
        }

        if (wanted.Until is not { } until || until <= alerts.Now || until > alerts.Now + AlertPolicies.LongestSnooze)
        {
            return Problems.Malformed("until", "Write a time within the next 7 days.");
        }

        return await alerts.SnoozeAsync(context.Caller().WorkspaceId, id, until, context.Caller().Actor) ? Results.NoContent() : Problems.NotFound();
    }
}
