using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Policy;

/// <summary><c>/v1/channels</c>.</summary>
internal static class ChannelApi
{
    private const string Item = "/channels/{id}";

    public static void MapChannels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/channels", ListAsync).RequireScope(KeyScopes.Manage);
        routes.MapPost("/channels", CreateAsync).RequireScope(KeyScopes.Manage);
        routes.MapGet(Item, ReadAsync).RequireScope(KeyScopes.Manage);
        routes.MapPut(Item, ReplaceAsync).RequireScope(KeyScopes.Manage);
        routes.MapDelete(Item, DeleteAsync).RequireScope(KeyScopes.Manage);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ChannelPolicies channels) =>
        PolicyHttp.List((await channels.ListAsync(context.Caller().WorkspaceId)).Select(item => item.Document));

    private static async Task<IResult> CreateAsync(HttpContext context, ChannelPolicies channels)
    {
        var (draft, refusal) = await PolicyHttp.ReadAsync(context, DraftReader.Channel);
        if (draft is null)
        {
            return refusal!;
        }

        var caller = context.Caller();
        return PolicyHttp.Answer(await channels.CreateAsync(caller.WorkspaceId, draft, caller.Actor), saved =>
        {
            context.Response.Headers.Location = $"/v1/channels/{saved.Document.Id}";
            return PolicyHttp.Show(context, saved, StatusCodes.Status201Created);
        });
    }

    private static async Task<IResult> ReadAsync(HttpContext context, string id, ChannelPolicies channels) =>
        await channels.FindAsync(context.Caller().WorkspaceId, id) is { } found ? PolicyHttp.Show(context, found) : Problems.NotFound();

    private static async Task<IResult> ReplaceAsync(HttpContext context, string id, ChannelPolicies channels)
    {
        var (draft, refusal) = await PolicyHttp.ReadAsync(context, DraftReader.Channel);
        if (draft is null)
        {
            return refusal!;
        }

        var caller = context.Caller();
        if (await channels.FindAsync(caller.WorkspaceId, id) is not { } current)
        {
            return Problems.NotFound();
        }

        return PolicyHttp.IsMatch(context.Request, current.Version, out var version)
            ? PolicyHttp.Answer(
                await channels.ReplaceAsync(caller.WorkspaceId, id, draft, version, caller.Actor), saved => PolicyHttp.Show(context, saved))
            : PolicyHttp.ChangedSince();
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, ChannelPolicies channels)
    {
        var caller = context.Caller();
        if (await channels.FindAsync(caller.WorkspaceId, id) is not { } current)
        {
            return Problems.NotFound();
        }

        return PolicyHttp.IsMatch(context.Request, current.Version, out var version)
            ? PolicyHttp.Answer(await channels.DeleteAsync(caller.WorkspaceId, id, version, caller.Actor), _ => Results.NoContent())
            : PolicyHttp.ChangedSince();
    }
}
