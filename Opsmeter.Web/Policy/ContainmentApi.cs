using Opsmeter.Core.Decisions;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;

namespace Opsmeter.Web.Policy;

/// <summary><c>/v1/containments</c>: what people set for single values until a time.</summary>
internal static class ContainmentApi
{
    public static void MapContainments(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/containments", ListAsync).RequireScope(PolicyApi.Readers);
        routes.MapPost("/containments", CreateAsync).RequireScope(KeyScopes.Manage);
        routes.MapGet("/containments/{id}", ReadAsync).RequireScope(PolicyApi.Readers);
        routes.MapDelete("/containments/{id}", EndAsync).RequireScope(KeyScopes.Manage);
    }

    private static async Task<IResult> ListAsync(HttpContext context, bool? all, ContainmentPolicies containments) =>
        PolicyHttp.List(await containments.ListAsync(context.Caller().WorkspaceId, all == true));

    private static async Task<IResult> ReadAsync(HttpContext context, string id, ContainmentPolicies containments) =>
        await containments.FindAsync(context.Caller().WorkspaceId, id) is { } found ? Results.Json(found, DocumentJson.Options) : Problems.NotFound();

    private static async Task<IResult> CreateAsync(HttpContext context, ContainmentPolicies containments)
    {
        var (draft, refusal) = await PolicyHttp.ReadAsync(context, fields => new ContainmentDraft
        {
            Dimension = fields.Choice<Dimension>("dimension"),
            Value = fields.Text("value"),
            WithinEndpoint = fields.Text("withinEndpoint"),
            Action = fields.Choice<ContainmentAction>("action"),
            Until = fields.Instant("until"),
            Reason = fields.Text("reason"),
        });
        if (draft is null)
        {
            return refusal!;
        }

        var caller = context.Caller();
        return PolicyHttp.Answer(await containments.CreateAsync(caller.WorkspaceId, draft, caller.Actor), saved =>
        {
            context.Response.Headers.Location = $"/v1/containments/{saved.Document.Id}";
            return PolicyHttp.Show(context, saved, StatusCodes.Status201Created);
        });
    }

    private static async Task<IResult> EndAsync(HttpContext context, string id, ContainmentPolicies containments)
    {
        var caller = context.Caller();
        return PolicyHttp.Answer(await containments.EndAsync(caller.WorkspaceId, id, caller.Actor), _ => Results.NoContent());
    }
}
