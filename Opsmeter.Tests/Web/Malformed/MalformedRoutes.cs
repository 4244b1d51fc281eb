using Opsmeter.Tests.Web.Policy;

namespace Opsmeter.Tests.Web.Malformed;

/// <summary>Every route that reads a body; a test compares them with the routes that the app has.</summary>
internal static class MalformedRoutes
{
    private const string Tier = """{"pattern":"NAME.*","tier":2,"owner":"lead@example.com","degradedMode":{"model":"gpt-5-mini","maxOutputTokens":512},"notes":"a note"}""";
    private const string Channel = """{"name":"NAME","kind":"webhook","url":"http://127.0.0.1:9/hook"}""";
    private const string Escalation = """{"name":"NAME","steps":[{"afterMinutes":0,"notify":"owner"}]}""";
    private const string Decision = """{"endpointTag":"chat","provider":"openai","model":"gpt-5-mini","userId":"u","externalRequestId":"NAME","estimatedInputTokens":10,"maxOutputTokens":10,"holdSeconds":60}""";
    private const string Replay = """{"budget":{"name":"NAME","limitUsd":5,"window":{"kind":"day"},"owner":"lead@example.com","escalation":"default"},"from":"now-1d","to":"now"}""";
    private const string Containment = """{"dimension":"userId","value":"NAME","action":"block","until":"2026-11-23T15:00:00Z","reason":"a test"}""";
    private const string Document = """{"budgets":[],"tiers":[{"pattern":"NAME.*","tier":2}],"defaultTier":2}""";
    private const string Settings = """{"timeZone":"UTC","weekStartsOn":"monday","defaultTier":2,"observe":false}""";

    /// <summary>Routes that read none, whatever is sent.</summary>
    public static readonly string[] WithoutBody = ["POST /v1/channels/{id}/test", "POST /v1/backups"];

    private static readonly string Budget = PolicyOpsmeter.Budget(("name", "NAME"), ("warnAt", 0.5), ("blockMessage", "later"), ("cap", "hard"));

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<MalformedRoute> All =
    [
        new("POST", "/v1/ingest/llm-request", Row(), 256 * 1024),
        new("POST", "/v1/ingest/llm-requests", $"[{Row()}]", 16 * 1024 * 1024) { IsBatch = true },
        new("POST", "/v1/decisions", Decision) { Required = "endpointTag" },
        new("POST", "/v1/budgets", Budget) { Required = "name" },
        new("PUT", "/v1/budgets/ID", Budget) { Route = "PUT /v1/budgets/{id}", Required = "name" },
        new("POST", "/v1/budgets/ID/release", """{"key":null,"reason":"looked at"}""") { Route = "POST /v1/budgets/{id}/release", Required = "reason" },
        new("PUT", "/v1/budgets/ID/temporary-increase", """{"amountUsd":5,"until":"2026-11-24T00:00:00Z","reason":"a launch"}""") { Route = "PUT /v1/budgets/{id}/temporary-increase", Required = "amountUsd" },
        new("POST", "/v1/budgets/replay", Replay) { Required = "budget" },
        new("POST", "/v1/tiers", Tier) { Required = "pattern" },
        new("PUT", "/v1/tiers/ID", Tier) { Route = "PUT /v1/tiers/{id}", Required = "pattern" },
        new("POST", "/v1/channels", Channel) { Required = "name" },
        new("PUT", "/v1/channels/ID", Channel) { Route = "PUT /v1/channels/{id}", Required = "name" },
        new("POST", "/v1/escalations", Escalation) { Required = "name" },
        new("PUT", "/v1/escalations/ID", Escalation) { Route = "PUT /v1/escalations/{id}", Required = "name" },
        new("POST", "/v1/containments", Containment) { Required = "value" },
        new("POST", "/v1/alerts/ID/acknowledge", """{"outcome":"nothing"}""") { Route = "POST /v1/alerts/{id}/acknowledge" },
        new("POST", "/v1/alerts/ID/snooze", """{"until":"2026-11-23T15:00:00Z"}""") { Route = "POST /v1/alerts/{id}/snooze", Required = "until" },
        new("PUT", "/v1/settings", Settings),
        new("PUT", "/v1/policy", Document, 4 * 1024 * 1024) { TakesYaml = true, Query = "?dryRun=true" },
        new("POST", "/v1/policy/starter", """{"monthlyBudgetUsd":100,"owner":"lead@example.com","revenueEndpoints":["chat"]}""") { Required = "monthlyBudgetUsd" },
        new("POST", "/v1/requests/ID/void", """{"revision":1,"reason":"a test row"}""") { Route = "POST /v1/requests/{externalRequestId}/void", Required = "reason" },
        new("POST", "/v1/keys", """{"name":"NAME","scopes":["read"],"requestsPerMinute":100}""") { Required = "name" },
        new("POST", "/v1/keys/ID/rotate", """{"overlapMinutes":60}""") { Route = "POST /v1/keys/{id:int}/rotate" },
    ];

    private static string Row() => PolicyOpsmeter.Body(PolicyOpsmeter.Row("NAME", tenant: "t"), ("costUsd", 0.1m), ("occurredAt", "2026-11-23T13:00:00Z"), ("userId", "u"));
}
