using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Policy;

/// <summary><c>/v1/escalations</c>.</summary>
internal static class EscalationApi
{
    private const string Item = "/escalations/{id}";

    public static void MapEscalations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/escalations", ListAsync).RequireScope(PolicyApi.Readers);
        routes.MapPost("/escalations", CreateAsync).RequireScope(KeyScopes.Manage);
        routes.MapGet(Item, ReadAsync).RequireScope(PolicyApi.Readers);
        routes.MapPut(Item, ReplaceAsync).RequireScope(KeyScopes.Manage);
        routes.MapDelete(Item, DeleteAsync).RequireScope(KeyScopes.Manage);
    }

    private static async Task<IResult> ListAsync(HttpContext context, EscalationPolicies escalations) =>
        PolicyHttp.List((await escalations.ListAsync(context.Caller().WorkspaceId)).Select(item => item.Document));

    private static async Task<IResult> CreateAsync(HttpContext context, EscalationPolicies escalations)
    {
        var (draft, refusal) = await PolicyHttp.ReadAsync(context, DraftReader.Escalation);
        if (draft is null)
        {
            return refusal!;
        }

        var caller = context.Caller();
        return PolicyHttp.Answer(await escalations.CreateAsync(caller.WorkspaceId, draft, caller.Actor), saved =>
        {
            context.Response.Headers.Location = $"/v1/escalations/{saved.Document.Id}";
            return PolicyHttp.Show(context, saved, StatusCodes.Status201Created);
        });
    }

    private static async Task<IResult> ReadAsync(HttpContext context, string id, EscalationPolicies escalations) =>
        await escalations.FindAsync(context.Caller().WorkspaceId, id) is { } found ? PolicyHttp.Show(context, found) : Problems.NotFound();

    private static async Task<IResult> ReplaceAsync(HttpContext context, string id, EscalationPolicies escalations)
    {
        var (draft, refusal) = await PolicyHttp.ReadAsync(context, DraftReader.Escalation);
        if (draft is null)
        {
            return refusal!;
        }

        var caller = context.Caller();
        if (await escalations.FindAsync(caller.WorkspaceId, id) is not { } current)
        {
            return Problems.NotFound();
        }

        return PolicyHttp.IsMatch(context.Request, current.Version, out var version)
            ? PolicyHttp.Answer(
                await escalations.ReplaceAsync(caller.WorkspaceId, id, draft, version, caller.Actor), saved => PolicyHttp.Show(context, saved))
            : PolicyHttp.ChangedSince();
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, EscalationPolicies escalations)
    {
        var caller = context.Caller();
        if (await escalations.FindAsync(caller.WorkspaceId, id) is not { } current)
        {
            return Problems.NotFound();
        }

        return PolicyHttp.IsMatch(context.Request, current.Version, out var version)
            ? PolicyHttp.Answer(await escalations.DeleteAsync(caller.WorkspaceId, id, version, caller.Actor), _ => Results.NoContent())
            : PolicyHttp.ChangedSince();
    }
}
