using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Net.Http.Headers;
using Opsmeter.Core;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary><c>/v1/policy</c>: the whole policy as one JSON or YAML document.</summary>
internal static class PolicyDocumentApi
{
    private const int MostBytes = 4 * 1024 * 1024;
    private const string YamlType = "application/yaml";

    private static readonly JsonSerializerOptions Indented = new(DocumentJson.Options) { WriteIndented = true, NewLine = "\n" };

    public static void MapPolicyDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/policy", ReadAsync).RequireScope(PolicyApi.Readers);
        routes.MapPut("/policy", ReplaceAsync).RequireScope(KeyScopes.Manage);
        routes.MapPost("/policy/starter", StartAsync).RequireScope(KeyScopes.Manage);
    }

    /// <summary>Reads a document.</summary>
    /// <param name="bytes">UTF-8.</param>
    /// <param name="isYaml">True for YAML, false for JSON.</param>
    /// <returns>What it says, or what is wrong with it: the field → messages, "" for the whole.</returns>
    internal static (PolicyDraft? Draft, IReadOnlyDictionary<string, string[]> Errors) Parse(ReadOnlyMemory<byte> bytes, bool isYaml)
    {
        var errors = new FieldErrors();
        var json = bytes;
        if (!Utf8.IsValid(bytes.Span))
        {
            errors.Add("", "The body is not valid UTF-8.");
            return (null, errors.ToDictionary());
        }

        if (isYaml)
        {
            if (!YamlText.TryToJson(bytes, out var converted, out var problem))
            {
                errors.Add("", $"The body is no YAML that can be read. {problem}");
                return (null, errors.ToDictionary());
            }

            json = converted;
        }

        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                var draft = DraftReader.Policy(new DraftFields(document.RootElement, errors));
                return (errors.IsEmpty ? draft : null, errors.ToDictionary());
            }

            errors.Add("", "The document must be an object with budgets and tiers.");
        }
        catch (JsonException problem)
        {
            errors.Add("", $"The body is not JSON: line {problem.LineNumber + 1}, byte {problem.BytePositionInLine + 1}.");
        }

        return (null, errors.ToDictionary());
    }

    private static async Task<IResult> ReadAsync(HttpContext context, PolicyDocuments documents)
    {
        var (policy, tag) = await documents.ReadAsync(context.Caller().WorkspaceId);
        context.Response.Headers.ETag = tag;
        context.Response.Headers.Vary = HeaderNames.Accept;
        return WantsYaml(context.Request)
            ? Results.Text(YamlText.FromJson(JsonSerializer.SerializeToElement(policy, DocumentJson.Options)), YamlType, Encoding.UTF8)
            : Results.Text(JsonSerializer.Serialize(policy, Indented) + "\n", "application/json", Encoding.UTF8);
    }

    private static async Task<IResult> ReplaceAsync(HttpContext context, PolicyDocuments documents, Replays replays, Boards boards, TimeProvider time)
    {
        using var body = await BodyReader.ReadAsync(context.Request, MostBytes, BodyFormats.Json | BodyFormats.Yaml);
        if (body.TryGetRefusal(out var refused))
        {
            return refused;
        }

        var caller = context.Caller();
        var (draft, errors) = Parse(body.Bytes, body.Format == BodyFormats.Yaml);
        if (draft is null)
        {
            return Problems.Malformed(errors);
        }

        var isDryRun = string.Equals(context.Request.Query["dryRun"], "true", StringComparison.OrdinalIgnoreCase);
        return isDryRun
            ? await TryAsync(context, caller.WorkspaceId, draft, documents, replays, boards, time)
            : await ApplyAsync(context, caller, draft, documents);
    }

    private static async Task<IResult> ApplyAsync(HttpContext context, Caller caller, PolicyDraft draft, PolicyDocuments documents)
    {
        var (plan, errors) = await documents.ApplyAsync(caller.WorkspaceId, draft, tag => PolicyHttp.IsMatch(context.Request, tag), caller.Actor);
        if (plan is null)
        {
            return errors.Count > 0 ? Problems.Malformed(errors) : PolicyHttp.ChangedSince();
        }

        context.Response.Headers.ETag = (await documents.ReadAsync(caller.WorkspaceId)).ETag;
        return Results.Json(new { Changes = plan.Differences }, DocumentJson.Options);
    }

    private static async Task<IResult> TryAsync(
        HttpContext context, int workspaceId, PolicyDraft draft, PolicyDocuments documents, Replays replays, Boards boards, TimeProvider time)
    {
        var (current, tag) = await documents.ReadAsync(workspaceId);
        if (!PolicyHttp.IsMatch(context.Request, tag))
        {
            return PolicyHttp.ChangedSince();
        }

        var errors = new FieldErrors();
        var range = ReplayApi.RangeOf(context.Request.Query["from"], context.Request.Query["to"], boards[workspaceId].Policy.Settings, time.GetUtcNow(), errors);
        if (!errors.IsEmpty)
        {
            return Problems.Malformed(errors.ToDictionary());
        }

        var (plan, wrong) = await documents.PlanAsync(workspaceId, draft);
        if (plan is null)
        {
            return Problems.Malformed(wrong);
        }

        context.Response.Headers.ETag = tag;
        var result = await replays.RunAsync(workspaceId, documents.PolicyOf(workspaceId, plan), range, comparesCaps: true, null, context.RequestAborted);
        return Results.Json(new { Changes = plan.Differences, Replay = ReplayAnswer.Of(result) }, DocumentJson.Options);
    }

    private static async Task<IResult> StartAsync(HttpContext context, PolicyStarter starter)
    {
        var (answers, refusal) = await PolicyHttp.ReadAsync(context, fields => new StarterAnswers
        {
            MonthlyBudgetUsd = fields.Number("monthlyBudgetUsd"), Owner = fields.Text("owner"), RevenueEndpoints = fields.Texts("revenueEndpoints") ?? [],
        });
        if (answers is null)
        {
            return refusal!;
        }

        var caller = context.Caller();
        var (plan, errors) = await starter.StartAsync(caller.WorkspaceId, answers, caller.Actor, context.RequestAborted);
        if (plan is null)
        {
            return errors.Count > 0 ? Problems.Malformed(errors) : Problems.Conflict("The workspace has budgets already. A starter policy is for one without any.");
        }

        var (since, requests, degraded, blocked) = await starter.WouldHaveAsync(caller.WorkspaceId, context.RequestAborted);
        return Results.Json(
            new { Changes = plan.Differences, plan.After.Budgets, plan.After.Tiers, Observe = true, WouldHave = new { Since = since, Requests = requests, Degraded = degraded, Blocked = blocked } },
            DocumentJson.Options, statusCode: StatusCodes.Status201Created);
    }

    private static bool WantsYaml(HttpRequest request) => request.Query["format"].ToString() is { Length: > 0 } format
        ? format.Equals("yaml", StringComparison.OrdinalIgnoreCase)
        : request.Headers.Accept.OfType<string>().Any(accept => accept.Contains("yaml", StringComparison.OrdinalIgnoreCase));
}
