using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>The management API: budgets, tiers, settings, and voiding a request.</summary>
public static class PolicyApi
{
    internal const KeyScopes Readers = KeyScopes.Read | KeyScopes.Manage;

    public static void MapPolicy(this IEndpointRouteBuilder routes)
    {
        routes.MapAuditDownload();
        var group = routes.MapGroup("/v1").AnswerStoreFailures();
        group.MapBudgets();
        group.MapReplay();
        group.MapPolicyDocument();
        group.MapTiers();
        group.MapAudit();
        group.MapContainments();
        group.MapAlerts();
        group.MapChannels();
        group.MapEscalations();
        group.MapKeys();
        group.MapGet("/settings", ReadSettingsAsync).RequireScope(Readers);
        group.MapPut("/settings", ReplaceSettingsAsync).RequireScope(KeyScopes.Manage);
        group.MapPost("/requests/{externalRequestId}/void", VoidAsync).RequireScope(KeyScopes.Manage);
    }

    private static async Task<IResult> ReadSettingsAsync(HttpContext context, WorkspacePolicies policies) =>
        PolicyHttp.Show(context, await policies.ReadAsync(context.Caller().WorkspaceId));

    private static async Task<IResult> ReplaceSettingsAsync(HttpContext context, WorkspacePolicies policies)
    {
        var (draft, refusal) = await PolicyHttp.ReadAsync(context, DraftReader.Settings);
        if (draft is null)
        {
            return refusal!;
        }

        var caller = context.Caller();
        var current = await policies.ReadAsync(caller.WorkspaceId);
        return PolicyHttp.IsMatch(context.Request, current.Version, out var version)
            ? PolicyHttp.Answer(
                await policies.ReplaceAsync(caller.WorkspaceId, draft, version, caller.Actor), saved => PolicyHttp.Show(context, saved))
            : PolicyHttp.ChangedSince();
    }

    private static async Task<IResult> VoidAsync(HttpContext context, string externalRequestId, RequestCorrections corrections)
    {
        var (wanted, refusal) = await PolicyHttp.ReadAsync(context, fields => new
        {
            Revision = fields.Small("revision"), Reason = fields.Text("reason"),
        });
        if (wanted is null)
        {
            return refusal!;
        }

        var errors = new FieldErrors();
        var reason = errors.Line("reason", wanted.Reason, RequestCorrections.LongestReason, "Write why, 1 to 500 characters.");
        if (wanted.Revision is not { } revision)
        {
            errors.Add("revision", "Write which revision of the request is voided; the first is 1.");
            return Problems.Malformed(errors.ToDictionary());
        }

        if (!errors.IsEmpty)
        {
            return Problems.Malformed(errors.ToDictionary());
        }

        var caller = context.Caller();

        // The server leaves an escaped slash as it is, so that it does not divide the path.
        var id = externalRequestId.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        return await corrections.VoidAsync(caller.WorkspaceId, id, revision, reason!, caller.Actor)
            ? Results.Json(new { ExternalRequestId = id, Revision = revision, Voided = true }, DocumentJson.Options)
            : Problems.NotFound("No counted request has this id and revision.");
    }
}
