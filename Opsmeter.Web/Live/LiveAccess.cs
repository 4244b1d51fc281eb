using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Live;

/// <summary>Who may connect to the hub: a signed-in member, or a key with the scope read.</summary>
internal static class LiveAccess
{
    private static readonly object Workspace = new();

    /// <summary>Refuses the hub's address to everyone else. Goes after authentication.</summary>
    public static void UseLiveAccess(this IApplicationBuilder app) => app.Use(async (HttpContext context, RequestDelegate next) =>
    {
        if (!context.Request.Path.StartsWithSegments(LiveHub.Path))
        {
            await next(context);
        }
        else if (Visitor.Of(context.User) is { } visitor)
        {
            Let(context, visitor.WorkspaceId);
            await next(context);
        }
        else if (context.TryAuthenticate(out var caller) && caller.Scopes.HasFlag(KeyScopes.Read))
        {
            Let(context, caller.WorkspaceId);
            await next(context);
        }
        else
        {
            var refusal = caller is null ? Problems.Unauthorized() : Problems.Forbidden("The key needs the scope read.");
            await refusal.ExecuteAsync(context);
        }
    });

    /// <summary>The workspace that a connection may hear of; null when it was not let through.</summary>
    public static int? WorkspaceOf(HttpContext? context) => context?.Items[Workspace] as int?;

    // In the items, since features do not survive from one poll of a long-polling connection to the next.
    private static void Let(HttpContext context, int workspaceId) => context.Items[Workspace] = workspaceId;
}
