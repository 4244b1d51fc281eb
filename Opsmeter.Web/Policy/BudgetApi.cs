using System.Globalization;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Policy;

/// <summary><c>/v1/budgets</c>.</summary>
internal static class BudgetApi
{
    private const int TransitionsAPage = 100;

    // A literal beside it, such as /v1/budgets/state, goes before it: routing takes the more exact one.
    private const string Item = "/budgets/{id}";

    public static void MapBudgets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/budgets", ListAsync).RequireScope(PolicyApi.Readers);
        routes.MapPost("/budgets", CreateAsync).RequireScope(KeyScopes.Manage);
        routes.MapGet(Item, ReadAsync).RequireScope(PolicyApi.Readers);
        routes.MapPut(Item, ReplaceAsync).RequireScope(KeyScopes.Manage);
        routes.MapDelete(Item, DeleteAsync).RequireScope(KeyScopes.Manage);
        routes.MapPost(Item + "/release", ReleaseAsync).RequireScope(KeyScopes.Manage);
        routes.MapPut(Item + "/temporary-increase", IncreaseAsync).RequireScope(KeyScopes.Manage);
        routes.MapDelete(Item + "/temporary-increase", TakeBackAsync).RequireScope(KeyScopes.Manage);
        routes.MapGet(Item + "/transitions", TransitionsAsync).RequireScope(PolicyApi.Readers);
    }

    private static async Task<IResult> ListAsync(HttpContext context, BudgetPolicies budgets) =>
        PolicyHttp.List((await budgets.ListAsync(context.Caller().WorkspaceId)).Select(item => item.Document));

    private static async Task<IResult> CreateAsync(HttpContext context, BudgetPolicies budgets)
    {
        var (draft, refusal) = await PolicyHttp.ReadAsync(context, DraftReader.Budget);
        if (draft is null)
        {
            return refusal!;
        }

        var caller = context.Caller();
        return PolicyHttp.Answer(await budgets.CreateAsync(caller.WorkspaceId, draft, caller.Actor), saved =>
        {
            context.Response.Headers.Location = $"/v1/budgets/{saved.Document.Id}";
            return PolicyHttp.Show(context, saved, StatusCodes.Status201Created);
        });
    }

    private static async Task<IResult> ReadAsync(HttpContext context, string id, BudgetPolicies budgets) =>
        await budgets.FindAsync(context.Caller().WorkspaceId, id) is { } found ? PolicyHttp.Show(context, found) : Problems.NotFound();

    private static async Task<IResult> ReplaceAsync(HttpContext context, string id, BudgetPolicies budgets)
    {
        var (draft, refusal) = await PolicyHttp.ReadAsync(context, DraftReader.Budget);
        if (draft is null)
        {
            return refusal!;
        }

        var caller = context.Caller();
        if (await budgets.FindAsync(caller.WorkspaceId, id) is not { } current)
        {
            return Problems.NotFound();
        }

        return PolicyHttp.IsMatch(context.Request, current.Version, out var version)
            ? PolicyHttp.Answer(
                await budgets.ReplaceAsync(caller.WorkspaceId, id, draft, version, caller.Actor), saved => PolicyHttp.Show(context, saved))
            : PolicyHttp.ChangedSince();
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, BudgetPolicies budgets)
    {
        var caller = context.Caller();
        if (await budgets.FindAsync(caller.WorkspaceId, id) is not { } current)
        {
            return Problems.NotFound();
        }

        return PolicyHttp.IsMatch(context.Request, current.Version, out var version)
            ? PolicyHttp.Answer(await budgets.DeleteAsync(caller.WorkspaceId, id, version, caller.Actor), _ => Results.NoContent())
            : PolicyHttp.ChangedSince();
    }

    private static async Task<IResult> IncreaseAsync(HttpContext context, string id, BudgetPolicies budgets)
    {
        var (increase, refusal) = await PolicyHttp.ReadAsync(context, DraftReader.Increase);
        return increase is null ? refusal! : await ChangeIncreaseAsync(context, id, budgets, increase);
    }

    private static Task<IResult> TakeBackAsync(HttpContext context, string id, BudgetPolicies budgets) =>
        ChangeIncreaseAsync(context, id, budgets, null);

    private static async Task<IResult> ChangeIncreaseAsync(HttpContext context, string id, BudgetPolicies budgets, TemporaryIncreaseDraft? increase)
    {
        var caller = context.Caller();
        if (await budgets.FindAsync(caller.WorkspaceId, id) is not { } current || (increase is null && current.Document.TemporaryIncrease is null))
        {
            return Problems.NotFound();
        }

        if (!PolicyHttp.IsMatch(context.Request, current.Version, out var version))
        {
            return PolicyHttp.ChangedSince();
        }

        var result = await budgets.IncreaseAsync(caller.WorkspaceId, id, increase, version, caller.Actor);
        return result is PolicyResult<Documents.BudgetDocument>.Invalid wrong
            ? Problems.Malformed(wrong.Errors.ToDictionary(error => error.Key.Replace("temporaryIncrease.", "", StringComparison.Ordinal), error => error.Value))
            : PolicyHttp.Answer(result, saved => PolicyHttp.Show(context, saved));
    }

    private static async Task<IResult> ReleaseAsync(HttpContext context, string id, BudgetPolicies budgets)
    {
        var (wanted, refusal) = await PolicyHttp.ReadAsync(context, fields => new { Key = fields.Text("key"), Reason = fields.Text("reason") });
        if (wanted is null)
        {
            return refusal!;
        }

        var caller = context.Caller();
        if (await budgets.FindAsync(caller.WorkspaceId, id) is not { } current)
        {
            return Problems.NotFound();
        }

        var errors = new FieldErrors();
        var reason = errors.Line("reason", wanted.Reason, 500, "Write why, 1 to 500 characters.");
        if (current.Document.Per is not null && wanted.Key is null)
        {
            errors.Add("key", "Write which key is released: this budget counts each by itself.");
        }

        return !errors.IsEmpty ? Problems.Malformed(errors.ToDictionary())
            : await budgets.ReleaseAsync(caller.WorkspaceId, id, current.Document.Per is null ? null : wanted.Key, reason!, caller.Actor)
                ? Results.Json(new { BudgetId = id, wanted.Key, Released = true }, Documents.DocumentJson.Options)
                : Problems.Conflict("Nothing is confirmed there, so there is no block to release.");
    }

    private static async Task<IResult> TransitionsAsync(HttpContext context, string id, string? cursor, BudgetPolicies budgets)
    {
        long? before = long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : null;
        if (before is null && !string.IsNullOrEmpty(cursor))
        {
            return Problems.Malformed("cursor", "Send nextCursor as it was answered, or leave it out.");
        }

        var workspaceId = context.Caller().WorkspaceId;
        if (await budgets.FindAsync(workspaceId, id) is null)
        {
            return Problems.NotFound();
        }

        var items = await budgets.TransitionsAsync(workspaceId, id, TransitionsAPage + 1, before);
        var page = items.Take(TransitionsAPage).ToArray();
        return PolicyHttp.List(
            page, items.Count > TransitionsAPage ? page[^1].Id.ToString(CultureInfo.InvariantCulture) : null);
    }
}
