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
