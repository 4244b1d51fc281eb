using System.Text.Json;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Identity;

/// <summary><c>GET /v1/key</c>: what the key that asks is, and what it may do.</summary>
public static class KeyApi
{
    public static void MapKey(this IEndpointRouteBuilder routes) => routes.MapGet("/v1/key", ReadAsync).RequireScope(KeyScopes.All);

    private static async Task<IResult> ReadAsync(HttpContext context, ApiKeys keys)
    {
        var caller = context.Caller();
        var item = (await keys.ListAsync(caller.WorkspaceId)).Single(key => key.Id == caller.KeyId);
        return Results.Json(
            new
            {
                item.Prefix,
                item.Name,
                Scopes = Enum.GetValues<KeyScopes>().Where(scope => System.Numerics.BitOperations.PopCount((uint)scope) == 1 && item.Scopes.HasFlag(scope))
                    .Select(scope => JsonNamingPolicy.CamelCase.ConvertName(scope.ToString())),
                item.Environment,
                item.CreatedAt,
                item.ExpiresAt,
                item.LastUsedAt,
                caller.WorkspaceId,
            },
            DocumentJson.Options);
    }
}
