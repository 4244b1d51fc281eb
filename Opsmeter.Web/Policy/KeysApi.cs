using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Policy;

/// <summary><c>/v1/keys</c>: keys that make, replace and revoke keys. A key makes none that may do more than it may itself.</summary>
internal static class KeysApi
{
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/keys", ListAsync).RequireScope(KeyScopes.Manage);
        routes.MapPost("/keys", CreateAsync).RequireScope(KeyScopes.Manage);
        routes.MapGet("/keys/{id:int}", ReadAsync).RequireScope(KeyScopes.Manage);
        routes.MapDelete("/keys/{id:int}", RevokeAsync).RequireScope(KeyScopes.Manage);
        routes.MapPost("/keys/{id:int}/rotate", RotateAsync).RequireScope(KeyScopes.Manage);
    }

    private static async Task<IResult> ListAsync(HttpContext context, ApiKeys keys) =>
        PolicyHttp.List((await keys.ListAsync(context.Caller().WorkspaceId)).Select(KeyApi.Show));

    private static async Task<IResult> ReadAsync(HttpContext context, int id, ApiKeys keys) =>
        await keys.FindAsync(context.Caller().WorkspaceId, id) is { } item ? Results.Json(KeyApi.Show(item), DocumentJson.Options) : Problems.NotFound();

    private static async Task<IResult> CreateAsync(HttpContext context, ApiKeys keys, TimeProvider time)
    {
        var (draft, refusal) = await PolicyHttp.ReadAsync(context, fields => new
        {
            Name = fields.Text("name"),
            Scopes = fields.Choices<KeyScopes>("scopes"),
            Environment = fields.Choice<DeploymentEnvironment>("environment"),
            Expires = fields.Instant("expiresAt"),
            PerMinute = fields.Small("requestsPerMinute"),
        });
        if (draft is null)
        {
            return refusal!;
        }

        var (errors, caller) = (new FieldErrors(), context.Caller());
        var name = errors.Line("name", draft.Name, ApiKeys.LongestName, "Say what the key is for, 1 to 100 characters.");
        var scopes = (draft.Scopes ?? []).Aggregate(KeyScopes.None, (all, scope) => all | scope);
        if (scopes == KeyScopes.None)
        {
            errors.Add("scopes", "List at least one of ingest, decide, read, manage.");
        }

        if (draft.Expires <= time.GetUtcNow())
        {
            errors.Add("expiresAt", "Write a time that is still to come.");
        }

        errors.Between("requestsPerMinute", draft.PerMinute, ApiKeys.LeastPerMinute, ApiKeys.MostPerMinute);
        if (!errors.IsEmpty)
        {
            return Problems.Malformed(errors.ToDictionary());
        }

        if ((scopes & ~caller.Scopes) != KeyScopes.None || (caller.PinnedEnvironment is { } pinned && draft.Environment != pinned))
        {
            return Problems.Forbidden("A key makes no key that may do more than it may itself: fewer scopes, and its own environment.");
        }

        var made = await keys.CreateAsync(caller.WorkspaceId, name!, scopes, draft.Environment, draft.Expires, caller.Actor, requestsPerMinute: draft.PerMinute);
        return Made(context, made);
    }

    private static async Task<IResult> RotateAsync(HttpContext context, int id, ApiKeys keys)
    {
        var (wanted, refusal) = await PolicyHttp.ReadAsync(context, fields => new
        {
            Minutes = fields.Small("overlapMinutes"),
        });
        if (wanted is null)
        {
            return refusal!;
        }

        var errors = new FieldErrors();
        errors.Between("overlapMinutes", wanted.Minutes, 0, (decimal)ApiKeys.LongestOverlap.TotalMinutes);
        if (!errors.IsEmpty)
        {
            return Problems.Malformed(errors.ToDictionary());
        }

        var caller = context.Caller();
        if (await keys.FindAsync(caller.WorkspaceId, id) is not { } old)
        {
            return Problems.NotFound();
        }

        if ((old.Scopes & ~caller.Scopes) != KeyScopes.None || (caller.PinnedEnvironment is { } pinned && old.Environment != pinned))
        {
            return Problems.Forbidden("A key makes no key that may do more than it may itself.");
        }

        var overlap = wanted.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : ApiKeys.UsualOverlap;
        return await keys.RotateAsync(caller.WorkspaceId, id, overlap, caller.Actor) is { } made
            ? Made(context, made)
            : Problems.Conflict("id", "The key is revoked, expired, or was replaced already.");
    }

    private static async Task<IResult> RevokeAsync(HttpContext context, int id, ApiKeys keys)
    {
        var caller = context.Caller();
        return await keys.RevokeAsync(caller.WorkspaceId, id, caller.Actor) ? Results.NoContent() : Problems.NotFound();
    }

    private static IResult Made(HttpContext context, (KeyItem Item, string Key) made)
    {
        context.Response.Headers.Location = $"/v1/keys/{made.Item.Id}";
        var answer = KeyApi.Show(made.Item);
        answer["key"] = made.Key;
        return Results.Json(answer, DocumentJson.Options, statusCode: StatusCodes.Status201Created);
    }
}
