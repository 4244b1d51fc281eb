using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Identity;

namespace Opsmeter.Tests.Web.Access;

/// <summary>Who may call what: one row for each route. A route without a row fails the test.</summary>
internal static class AccessTable
{
    private const string Tier = """{"pattern":"NAME.*","tier":2}""";
    private const string Channel = """{"name":"NAME","kind":"webhook","url":"http://127.0.0.1:9/hook"}""";
    private const string Steps = """{"name":"NAME","steps":[{"afterMinutes":0,"notify":"owner"}]}""";
    private const string Increase = """{"amountUsd":5,"until":"2026-11-24T00:00:00Z","reason":"a launch"}""";

    /// <summary>Every row.</summary>
    public static readonly IReadOnlyList<AccessRow> All =
    [
        // Telemetry and decisions.
        new("POST /v1/ingest/llm-request", KeyScopes.Ingest) { Body = PolicyOpsmeter.Row("NAME") },
        new("POST /v1/ingest/llm-requests", KeyScopes.Ingest) { Body = "[]" },
        new("POST /v1/decisions", KeyScopes.Decide) { Body = """{"endpointTag":"chat"}""" },
        new("DELETE /v1/decisions/{*externalRequestId}", KeyScopes.Decide) { Status = 204, Foreign = 404 },

        // Reading.
        new("GET /v1/key", KeyScopes.All),
        new("GET /v1/diagnostics/workspace-status", KeyScopes.Read | KeyScopes.Ingest),
        new("GET /v1/settings/workspace-status", KeyScopes.Read | KeyScopes.Ingest),
        new("GET /v1/reports/spend", KeyScopes.Read),
        new("GET /v1/reports/spikes", KeyScopes.Read),
        new("GET /v1/reports/change", KeyScopes.Read) { Query = "?from=now-1d&to=now" },
        new("GET /v1/requests", KeyScopes.Read),
        new("GET /v1/requests/{externalRequestId}", KeyScopes.Read) { Foreign = 404 },
        new("GET /v1/exports/requests", KeyScopes.Read),
        new("GET /v1/budgets/state", KeyScopes.Read),
        new("GET /v1/public/pricing-models") { IsOpen = true },

        // Managing.
        new("GET /v1/budgets", KeyScopes.Read | KeyScopes.Manage),
        new("POST /v1/budgets", KeyScopes.Manage) { Body = "{}", Status = 400 },
        new("GET /v1/budgets/{id}", KeyScopes.Read | KeyScopes.Manage) { Foreign = 404 },
        new("PUT /v1/budgets/{id}", KeyScopes.Manage) { Body = PolicyOpsmeter.Budget(("name", "NAME"), ("limitUsd", 1_000)), Foreign = 404 },
        new("DELETE /v1/budgets/{id}", KeyScopes.Manage) { Status = 204, Foreign = 404 },
        new("GET /v1/budgets/{id}/transitions", KeyScopes.Read | KeyScopes.Manage) { Foreign = 404 },
        new("POST /v1/budgets/{id}/release", KeyScopes.Manage) { Body = """{"reason":"looked at"}""", Status = 409, Foreign = 404 },
        new("PUT /v1/budgets/{id}/temporary-increase", KeyScopes.Manage) { Body = Increase, Foreign = 404 },
        new("DELETE /v1/budgets/{id}/temporary-increase", KeyScopes.Manage) { Foreign = 404 },
        new("POST /v1/budgets/replay", KeyScopes.Manage) { Body = "{}", Status = 400 },
        new("GET /v1/tiers", KeyScopes.Read | KeyScopes.Manage),
        new("POST /v1/tiers", KeyScopes.Manage) { Body = "{}", Status = 400 },
        new("GET /v1/tiers/{id}", KeyScopes.Read | KeyScopes.Manage) { Foreign = 404 },
        new("PUT /v1/tiers/{id}", KeyScopes.Manage) { Body = Tier, Foreign = 404 },
        new("DELETE /v1/tiers/{id}", KeyScopes.Manage) { Status = 204, Foreign = 404 },
        new("GET /v1/channels", KeyScopes.Manage),
        new("POST /v1/channels", KeyScopes.Manage) { Body = "{}", Status = 400 },
        new("GET /v1/channels/{id}", KeyScopes.Manage) { Foreign = 404 },
        new("PUT /v1/channels/{id}", KeyScopes.Manage) { Body = Channel, Foreign = 404 },
        new("DELETE /v1/channels/{id}", KeyScopes.Manage) { Status = 204, Foreign = 404 },
        new("POST /v1/channels/{id}/test", KeyScopes.Manage) { Foreign = 404 },
        new("GET /v1/escalations", KeyScopes.Read | KeyScopes.Manage),
        new("POST /v1/escalations", KeyScopes.Manage) { Body = "{}", Status = 400 },
        new("GET /v1/escalations/{id}", KeyScopes.Read | KeyScopes.Manage) { Foreign = 404 },
        new("PUT /v1/escalations/{id}", KeyScopes.Manage) { Body = Steps, Foreign = 404 },
        new("DELETE /v1/escalations/{id}", KeyScopes.Manage) { Status = 204, Foreign = 404 },
        new("GET /v1/containments", KeyScopes.Read | KeyScopes.Manage),
        new("POST /v1/containments", KeyScopes.Manage) { Body = "{}", Status = 400 },
        new("GET /v1/containments/{id}", KeyScopes.Read | KeyScopes.Manage) { Foreign = 404 },
        new("DELETE /v1/containments/{id}", KeyScopes.Manage) { Status = 204, Foreign = 404 },
        new("GET /v1/alerts", KeyScopes.Read | KeyScopes.Manage),
        new("POST /v1/alerts/{id}/acknowledge", KeyScopes.Manage) { Body = "{}", Status = 204, Foreign = 404 },
        new("POST /v1/alerts/{id}/snooze", KeyScopes.Manage) { Body = """{"until":"2026-11-23T15:00:00Z"}""", Status = 204, Foreign = 404 },
        new("GET /v1/settings", KeyScopes.Read | KeyScopes.Manage),
        new("PUT /v1/settings", KeyScopes.Manage) { Body = """{"timeZone":"UTC"}""" },
        new("GET /v1/policy", KeyScopes.Read | KeyScopes.Manage),
        new("PUT /v1/policy", KeyScopes.Manage) { Body = "{}", Query = "?dryRun=true" },
        new("POST /v1/policy/starter", KeyScopes.Manage) { Body = "{}", Status = 409, Foreign = 400 },
        new("POST /v1/requests/{externalRequestId}/void", KeyScopes.Manage) { Body = """{"revision":1,"reason":"a test row"}""", Foreign = 404 },
        new("GET /v1/audit", KeyScopes.Manage),
        new("GET /v1/audit/verify", KeyScopes.Manage),
        new("GET /v1/backups", KeyScopes.Manage),
        new("POST /v1/backups", KeyScopes.Manage) { Status = 201 },
        new("GET /v1/keys", KeyScopes.Manage),
        new("POST /v1/keys", KeyScopes.Manage) { Body = "{}", Status = 400 },
        new("GET /v1/keys/{id:int}", KeyScopes.Manage) { Foreign = 404 },
        new("DELETE /v1/keys/{id:int}", KeyScopes.Manage) { Status = 204, Foreign = 404 },
        new("POST /v1/keys/{id:int}/rotate", KeyScopes.Manage) { Body = "{}", Status = 201, Foreign = 404 },
        new("* /v1/{**path}") { IsOpen = true, Status = 404 },

        // Operating.
        new("GET /health/live") { IsOpen = true },
        new("GET /health/ready") { IsOpen = true },
        new("GET /metrics", KeyScopes.Read),

        // The feed of programs and pages.
        new("* /hubs/live", KeyScopes.Read, Role.Viewer) { Status = 400 },
        new("* /hubs/live/negotiate", KeyScopes.Read, Role.Viewer),
        new("* /_blazor", Least: Role.Viewer) { Status = 400 },
        new("* /_blazor/negotiate", Least: Role.Viewer),
        new("* /_blazor/disconnect/", Least: Role.Viewer) { Status = 400, Unknown = 302 },
        new("* /_blazor/initializers/", Least: Role.Viewer) { Unknown = 302 },

        // Pages that let nobody into anything.
        .. new[] { "/account/set-up", "/account/code" }.SelectMany(path => OpenPage(path, 302)),
        .. new[] { "/account/forgotten", "/account/join", "/account/new-password", "/alerts/acknowledge", "/Error", "/not-found" }.SelectMany(path => OpenPage(path, 200)),

        // Goes on to where they wanted to be who are signed in.
        new("GET /account/sign-in", Least: Role.Viewer) { Status = 302, Unknown = 200 },
        new("POST /account/sign-in") { IsOpen = true, Status = 400 },

        // Pages for members.
        .. new[]
        {
            "/", "/account", "/alerts", "/budgets", "/budgets/{Id}", "/endpoints", "/endpoints/one", "/investigate", "/models", "/requests", "/requests/one",
            "/review", "/quickstart", "/settings", "/settings/api-keys", "/settings/backups", "/settings/channels", "/settings/diagnostics", "/settings/escalations", "/settings/members", "/settings/workspaces", "/tiers",
            "/users", "/users/one", "/versions", "/budgets/new", "/audit",
        }.SelectMany(MemberPage),
        new("GET /export/audit", Least: Role.PolicyOwner) { Unknown = 302, Refused = 302 },
        new("GET /export/models", Least: Role.Viewer) { Unknown = 302 },
        new("GET /export/requests", Least: Role.Viewer) { Unknown = 302 },
        new("GET /export/values", Least: Role.Viewer) { Unknown = 302, Query = "?by=model" },

        // What changes a cookie asks for the form's token first.
        new("POST /account/sign-out") { IsOpen = true, Status = 400 },
        new("POST /account/passkey/ask") { IsOpen = true, Status = 400 },
        new("POST /account/passkey/enter") { IsOpen = true, Status = 400 },
        new("POST /account/workspace", Least: Role.Viewer) { Status = 400, Unknown = 302 },
        new("POST /account/passkey/offer", Least: Role.Viewer) { Status = 400, Unknown = 302 },
        new("POST /account/passkey/add", Least: Role.Viewer) { Status = 400, Unknown = 302 },
    ];

    private static IEnumerable<AccessRow> OpenPage(string path, int status) =>
        [new("GET " + path) { IsOpen = true, Status = status }, new("POST " + path) { IsOpen = true, Status = 400 }];

    private static IEnumerable<AccessRow> MemberPage(string path) =>
    [
        new("GET " + path, Least: Role.Viewer) { Unknown = 302 },
        new("POST " + path, Least: Role.Viewer) { Unknown = 302, Status = 400 },
    ];
}
