using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Policy;

/// <summary><c>/v1/tiers</c>.</summary>
internal static class TierApi
{
    private const string Item = "/tiers/{id}";

    public static void MapTiers(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/tiers", ListAsync).RequireScope(PolicyApi.Readers);
        routes.MapPost("/tiers", CreateAsync).RequireScope(KeyScopes.Manage);
        routes.MapGet(Item, ReadAsync).RequireScope(PolicyApi.Readers);
        routes.MapPut(Item, ReplaceAsync).RequireScope(KeyScopes.Manage);
        routes.MapDelete(Item, DeleteAsync).RequireScope(KeyScopes.Manage);
    }

    private static async Task<IResult> ListAsync(HttpContext context, TierPolicies tiers) =>
        PolicyHttp.List((await tiers.ListAsync(context.Caller().WorkspaceId)).Select(item => item.Document));

    private static async Task<IResult> CreateAsync(HttpContext context, TierPolicies tiers)
    {
        var (draft, refusal) = await PolicyHttp.ReadAsync(context, DraftReader.Tier);
        if (draft is null)
        {
            return refusal!;
        }

        var caller = context.Caller();
        return PolicyHttp.Answer(await tiers.CreateAsync(caller.WorkspaceId, draft, caller.Actor), saved =>
        {
            context.Response.Headers.Location = $"/v1/tiers/{saved.Document.Id}";
            return PolicyHttp.Show(context, saved, StatusCodes.Status201Created);
        });
    }

    private static async Task<IResult> ReadAsync(HttpContext context, string id, TierPolicies tiers) =>
        await tiers.FindAsync(context.Caller().WorkspaceId, id) is { } found ? PolicyHttp.Show(context, found) : Problems.NotFound();

    private static async Task<IResult> ReplaceAsync(HttpContext context, string id, TierPolicies tiers)
    {
        var (draft, refusal) = await PolicyHttp.ReadAsync(context, DraftReader.Tier);
        if (draft is null)
        {
            return refusal!;
        }

        var caller = context.Caller();
        if (await tiers.FindAsync(caller.WorkspaceId, id) is not { } current)
        {
            return Problems.NotFound();
        }

        return PolicyHttp.IsMatch(context.Request, current.Version, out var version)
            ? PolicyHttp.Answer(
                await tiers.ReplaceAsync(caller.WorkspaceId, id, draft, version, caller.Actor), saved => PolicyHttp.Show(context, saved))
            : PolicyHttp.ChangedSince();
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, TierPolicies tiers)
    {
        var caller = context.Caller();
        if (await tiers.FindAsync(caller.WorkspaceId, id) is not { } current)
        {
            return Problems.NotFound();
        }

        return PolicyHttp.IsMatch(context.Request, current.Version, out var version)
            ? PolicyHttp.Answer(await tiers.DeleteAsync(caller.WorkspaceId, id, version, caller.Actor), _ => Results.NoContent())
            : PolicyHttp.ChangedSince();
    }
}
