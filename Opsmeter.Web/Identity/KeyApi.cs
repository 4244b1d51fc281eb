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
        var item = (await keys.FindAsync(caller.WorkspaceId, caller.KeyId))!;
        var answer = Show(item);
        answer["workspaceId"] = caller.WorkspaceId;
        return Results.Json(answer, DocumentJson.Options);
    }

    /// <summary>A key as the API shows it.</summary>
    internal static Dictionary<string, object?> Show(KeyItem item) => new(StringComparer.Ordinal)
    {
        ["id"] = item.Id,
        ["prefix"] = item.Prefix,
        ["name"] = item.Name,
        ["scopes"] = Enum.GetValues<KeyScopes>().Where(scope => System.Numerics.BitOperations.PopCount((uint)scope) == 1 && item.Scopes.HasFlag(scope))
            .Select(scope => JsonNamingPolicy.CamelCase.ConvertName(scope.ToString())),
        ["environment"] = item.Environment,
        ["requestsPerMinute"] = item.RequestsPerMinute,
        ["createdAt"] = item.CreatedAt,
        ["createdBy"] = item.CreatedBy,
        ["expiresAt"] = item.ExpiresAt,
        ["lastUsedAt"] = item.LastUsedAt,
        ["revokedAt"] = item.RevokedAt,
        ["replacedBy"] = item.ReplacedBy,
    };
}
