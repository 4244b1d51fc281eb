using System.Text.Json;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Decisions;

/// <summary><c>POST /v1/decisions</c>: allow, degrade or block, from memory.</summary>
public static class DecisionApi
{
    private const int MostBytes = 64 * 1024;

    public static void MapDecisions(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/v1/decisions", DecideAsync).RequireScope(KeyScopes.Decide);

    private static async Task<IResult> DecideAsync(HttpContext context, Boards boards, TimeProvider time)
    {
        using var body = await BodyReader.ReadAsync(context.Request, MostBytes, BodyFormats.Json);
        if (body.TryGetRefusal(out var refused))
        {
            return refused;
        }

        if (!JsonBody.TryParse(body.Bytes, out var document, out var malformed))
        {
            return malformed;
        }

        using (document)
        {
            var errors = new FieldErrors();
            var caller = context.Caller();
            var now = time.GetUtcNow();
            var board = boards[caller.WorkspaceId];
            var query = ReadQuery(document.RootElement, board, caller, now, errors);
            if (!errors.IsEmpty)
            {
                return Problems.Malformed(errors.ToDictionary());
            }

            var decision = DecisionEngine.Decide(board, query, now);
            return decision.Action == DecisionAction.Block && context.Request.Query["enforce"] == "http"
                ? Problems.Blocked(decision.Reason, decision.Message, decision.ResetsAt)
                : new JsonAnswer<DecisionAnswer>(DecisionAnswer.Of(decision));
        }
    }

    private static DecisionQuery ReadQuery(
        JsonElement element, PolicyBoard board, Caller caller, DateTimeOffset now, FieldErrors errors)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add("", "The body must be a JSON object.");
            element = JsonSerializer.SerializeToElement(new { });
        }

        var fields = new JsonFields(element, errors);
        var userId = fields.Optional("userId", 200);
        var tenantId = fields.Optional("tenantId", 200);
        var provider = fields.Optional("provider", 200);
        var model = fields.Optional("model", 200);
        fields.Optional("externalRequestId", 128);
        fields.Boolean("reserve");
        fields.Integer("holdSeconds", 1, 86_400);
        return new DecisionQuery
        {
            Dimensions = new Dimensions
            {
                EndpointTag = fields.Required("endpointTag", 200),
                UserId = userId,
                TenantId = board.Policy.Settings.TenantFrom == TenantSource.UserId ? userId : tenantId,
                Provider = PriceBook.BuiltIn.CanonicalProvider(provider, model),
                Model = model,
                PromptVersion = fields.Optional("promptVersion", 200),
                ApiKey = caller.KeyPrefix,
                Environment = fields.Enumeration<DeploymentEnvironment>("environment")
                    ?? caller.PinnedEnvironment ?? DeploymentEnvironment.Prod,
                DataMode = fields.Enumeration<DataMode>("dataMode") ?? DataMode.Real,
            },
            IsFreeModel = model is not null && PriceBook.BuiltIn.IsFree(provider, model, now),
            EstimatedInputTokens = fields.Integer("estimatedInputTokens", 0, 1_000_000_000),
            MaxOutputTokens = fields.Integer("maxOutputTokens", 0, 1_000_000_000),
        };
    }
}
