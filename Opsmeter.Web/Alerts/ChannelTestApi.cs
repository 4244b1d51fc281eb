using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Alerts;

/// <summary><c>POST /v1/channels/{id}/test</c>.</summary>
internal static class ChannelTestApi
{
    public static void MapChannelTests(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/channels/{id}/test", TestAsync).RequireScope(KeyScopes.Manage);

    private static async Task<IResult> TestAsync(HttpContext context, string id, ChannelTests tests)
    {
        var caller = context.Caller();
        try
        {
            return await tests.SendAsync(caller.WorkspaceId, id, caller.Actor, context.RequestAborted) is { } result
                ? Results.Json(new { Delivered = result.IsTaken, result.Status, result.Error }, DocumentJson.Options)
                : Problems.NotFound();
        }
        catch (Storage.LedgerUnavailableException)
        {
            return Problems.Unavailable(1, "The store takes no writes now. The test may have been sent.");
        }
    }
}
