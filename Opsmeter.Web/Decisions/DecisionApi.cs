using System.Text.Json;
using Opsmeter.Core;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Decisions;

/// <summary>
/// <c>POST /v1/decisions</c>: allow, degrade or block. From memory, unless the caller names the request's id: then what the
/// call may cost is held on disk before the answer. <c>DELETE</c> ends such a hold.
/// </summary>
public static class DecisionApi
{
    private const int MostBytes = 64 * 1024;
    private const int UsualHoldSeconds = 120;
    private static readonly Usd MostPerRequest = Usd.FromDollars(1_000_000);

    /// <summary>Registers what decisions need.</summary>
    public static IServiceCollection AddDecisions(this IServiceCollection services) => services.AddSingleton<HoldPricing>();

    public static void MapDecisions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/decisions", DecideAsync).RequireScope(KeyScopes.Decide);
        routes.MapDelete("/v1/decisions/{*externalRequestId}", ReleaseAsync).RequireScope(KeyScopes.Decide);
    }

    private static async Task<IResult> DecideAsync(
        HttpContext context, Boards boards, HoldPricing pricing, LedgerWriter writer, TimeProvider time)
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
            var (query, wish) = ReadQuery(document.RootElement, board, caller, now, errors);
            var price = errors.IsEmpty && (wish.ExternalId is not null || query.EstimatedInputTokens is not null || query.MaxOutputTokens is not null)
                ? await pricing.OfAsync(caller.WorkspaceId, query, wish.Provider, now) : null;
            if (price?.Amount > MostPerRequest)
            {
                errors.Add("estimatedInputTokens", "A request may cost at most $1,000,000.");
            }

            if (!errors.IsEmpty)
            {
                return Problems.Malformed(errors.ToDictionary());
            }

            var (decision, hold) = price is { } known && wish.ExternalId is { } id
                ? await HoldAsync(writer, caller.WorkspaceId, board, query, new HoldAsk(id, known.Amount, known.Basis, wish.For), now)
                : new HeldDecision(DecisionEngine.Decide(board, query with { Asked = price?.Amount }, now), null);
            boards.EnforcementOf(caller.WorkspaceId).Asks.Note(decision, query.Dimensions.EndpointTag, wish.NamedId, now);
            return decision.Action == DecisionAction.Block && context.Request.Query["enforce"] == "http"
                ? Problems.Blocked(decision.Reason, decision.Message, decision.ResetsAt)
                : new DecisionAnswer(decision, hold);
        }
    }

    // A store that cannot write must not stop the caller's product: the answer is then what memory says, without a hold.
    private static async Task<HeldDecision> HoldAsync(
        LedgerWriter writer, int workspaceId, PolicyBoard board, DecisionQuery query, HoldAsk ask, DateTimeOffset now)
    {
        try
        {
            return await writer.DecideAsync(workspaceId, query, ask);
        }
        catch (LedgerUnavailableException)
        {
            return new HeldDecision(DecisionEngine.Decide(board, query with { Asked = ask.Amount, HoldId = ask.ExternalId }, now), null);
        }
    }

    private static async Task<IResult> ReleaseAsync(HttpContext context, string externalRequestId, LedgerWriter writer) =>
        await writer.ReleaseHoldAsync(context.Caller().WorkspaceId, externalRequestId)
            ? Results.NoContent()
            : Problems.NotFound("Nothing is held under this id: it was settled, released or never taken.");

    private static (DecisionQuery Query, HoldWish Wish) ReadQuery(
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
        var externalId = fields.Optional("externalRequestId", 128);
        var reserves = fields.Boolean("reserve") ?? true;
        var seconds = fields.Integer("holdSeconds", 1, 86_400) ?? UsualHoldSeconds;
        var query = new DecisionQuery
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
        return (query, new HoldWish(reserves ? externalId : null, externalId, provider, TimeSpan.FromSeconds(seconds)));
    }

    /// <summary>What the caller says of a hold; without an id it wants none, though it may have named its request's.</summary>
    private readonly record struct HoldWish(string? ExternalId, string? NamedId, string? Provider, TimeSpan For);
}
