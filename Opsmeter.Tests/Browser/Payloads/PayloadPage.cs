namespace Opsmeter.Tests.Browser.Payloads;

/// <summary>How a route of the pages is opened so that payloads are on it.</summary>
/// <param name="Route">The route, as the page has it.</param>
/// <param name="Address">Its address for one payload.</param>
/// <param name="Within">Where on it the payload must be seen; null for a page that shows no text of anybody's, where it must only do nothing.</param>
/// <param name="ShowsAll">True for a page that shows every payload at once, so that it is opened only once.</param>
/// <param name="IsOutside">True for a page of those who are not signed in.</param>
internal sealed record PayloadPage(string Route, Func<ScriptPayload, string> Address, string? Within, bool ShowsAll = false, bool IsOutside = false)
{
    /// <summary>Every route of the pages. One that is missing here fails the tests.</summary>
    public static IReadOnlyList<PayloadPage> All(PayloadWorkspace workspace) =>
    [
        new("/", each => $"?from=now-7d&endpoint={each.Escaped}&user={each.Escaped}&tenant={each.Escaped}", ".chart-legend, .legend"),
        new("/investigate", each => $"investigate?from=now-1d&tenant={each.Escaped}", ".movers"),
        new("/endpoints", each => $"endpoints?endpoint={each.Escaped}", ".spend-row"),
        new("/endpoints/one", each => $"endpoints/one?endpoint={each.Escaped}", "main h1"),
        new("/users", each => $"users?tenant={each.Escaped}", ".spend-row"),
        new("/users/one", each => $"users/one?tenant={each.Escaped}", "main h1"),
        new("/users/one", each => $"users/one?user={each.Escaped}", "[data-containment]"),
        new("/versions", each => $"versions?endpoint={each.Escaped}&of={each.Escaped}&a=v1&b={each.Escaped}", "[data-version]"),
        new("/models", each => $"models?endpoint={each.Escaped}", "[data-model]"),
        new("/requests", each => $"requests?endpoint={each.Escaped}&user={each.Escaped}", ".request-id"),
        new("/requests/one", each => $"requests/one?id={each.Escaped}", "main dl"),
        new("/budgets", _ => "budgets", ".budget-row", ShowsAll: true),
        new("/budgets/{Id}", each => "budgets/" + workspace.BudgetOf(each), "main form, main .form, main input"),
        new("/budgets/new", each => $"budgets/new?dimension=endpointTag&value={each.Escaped}", "main .form, main input, main"),
        new("/tiers", _ => "tiers", "main table", ShowsAll: true),
        new("/alerts", _ => "alerts?state=all", ".alert-card", ShowsAll: true),
        new("/alerts/acknowledge", each => $"alerts/acknowledge?token={each.Escaped}", null, IsOutside: true),
        new("/review", _ => "review", null, ShowsAll: true),
        new("/quickstart", _ => "quickstart", null, ShowsAll: true),
        new("/settings", _ => "settings", null, ShowsAll: true),
        new("/settings/members", _ => "settings/members", "[data-member]", ShowsAll: true),
        new("/settings/channels", _ => "settings/channels", "[data-channel]", ShowsAll: true),
        new("/settings/escalations", _ => "settings/escalations", "[data-escalation]", ShowsAll: true),
        new("/settings/api-keys", _ => "settings/api-keys", ".keys", ShowsAll: true),
        new("/settings/workspaces", _ => "settings/workspaces", "[data-workspace]", ShowsAll: true),
        new("/audit", each => $"audit?q={each.Escaped}", "main"),
        new("/account", _ => "account", null, ShowsAll: true),
        new("/account/sign-in", each => $"account/sign-in?returnUrl={each.Escaped}&refused={each.Escaped}", null, IsOutside: true),
        new("/account/set-up", each => $"account/set-up?code={each.Escaped}", null, IsOutside: true),
        new("/account/forgotten", each => $"account/forgotten?email={each.Escaped}", null, IsOutside: true),
        new("/account/new-password", each => $"account/new-password?token={each.Escaped}", null, IsOutside: true),
        new("/account/join", each => $"account/join?token={PayloadSeed.SecretOf(each)}", "body", IsOutside: true),
        new("/account/code", each => $"account/code?returnUrl={each.Escaped}", null, IsOutside: true),
        new("/Error", each => $"Error?{each.Escaped}={each.Escaped}", null, IsOutside: true),
        new("/not-found", each => $"not-found?{each.Escaped}={each.Escaped}", null, IsOutside: true),
    ];
}
