using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Operating;

/// <summary><c>GET</c> and <c>POST /v1/backups</c>: the backups there are, and one more.</summary>
internal static class BackupApi
{
    private const string Path = "/v1/backups";

    public static void MapBackups(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(Path, (Backups backups) => Results.Json(new { items = backups.List(), nextCursor = (string?)null }, DocumentJson.Options)).RequireScope(KeyScopes.Manage);
        routes.MapPost(Path, MakeAsync).RequireScope(KeyScopes.Manage);
    }

    // Goes on when the caller hangs up: half a backup is none.
    private static async Task<IResult> MakeAsync(HttpContext context, BackupRuns runs)
    {
        var caller = context.Caller();
        try
        {
            return Results.Json(await runs.MakeAsync(caller.WorkspaceId, caller.Actor), DocumentJson.Options, statusCode: StatusCodes.Status201Created);
        }
        catch (BackupException error)
        {
            return Problems.Unavailable(60, error.Message);
        }
    }
}
