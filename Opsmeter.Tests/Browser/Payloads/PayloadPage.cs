namespace Opsmeter.Tests.Browser.Payloads;

/// <summary>How a route of the pages is opened so that payloads are on it.</summary>
/// <param name="Route">The route, as the page has it.</param>
/// <param name="Address">Its address for some payloads.</param>
/// <param name="Within">Where on it the payloads must be seen; null for a page that shows no text of anybody's, where they must only do nothing.</param>
/// <param name="AtOnce">How many payloads one address shows.</param>
/// <param name="IsOutside">True for a page of those who are not signed in.</param>
internal sealed record PayloadPage(string Route, Func<ScriptPayload[], string> Address, string? Within, int AtOnce = 1, bool IsOutside = false)
{
    /// <summary>As many as a chart tells apart.</summary>
    public const int Few = 4;

    /// <summary>The text that it shows for a payload.</summary>
    public Func<ScriptPayload, string> TextOf { get; init; } = payload => payload.Text;

    /// <summary>The button that is pressed as long as there is more; null on a page that shows everything.</summary>
    public string? More { get; init; }

    /// <summary>Every route of the pages. One that is missing here fails the tests.</summary>
    public static IReadOnlyList<PayloadPage> All(PayloadWorkspace workspace) =>
    [
        new("/", all => "?from=now-7d" + Filters(all, "endpoint", "user", "tenant"), ".legend", Few),
        new("/investigate", all => "investigate?from=now-1d" + Filters(all, "endpoint", "tenant"), ".movers", Few),
        new("/endpoints", all => "endpoints?from=now-7d" + Filters(all, "endpoint"), ".spend-row", Few),
        Of("/endpoints/one", each => $"endpoints/one?endpoint={each.Escaped}", "main h1"),
        new("/users", all => "users?from=now-7d" + Filters(all, "user"), ".spend-row", Few),
        Of("/users/one", each => $"users/one?tenant={each.Escaped}", "main h1"),
        Of("/users/one", each => $"users/one?user={each.Escaped}", "[data-containment]"),
        new("/versions", all => "versions?from=now-7d" + Filters(all, "endpoint"), "[data-version]", Few),
        Of("/versions", each => $"versions?endpoint={each.Escaped}&of={each.Escaped}&a=v1&b={each.Escaped}", ".comparison-grid"),
        new("/models", all => "models?from=now-7d" + Filters(all, "model"), "[data-model]", Few),
        new("/requests", all => "requests?from=now-7d" + Filters(all, "endpoint", "user", "version"), ".request-scroll", Few),
        Of("/requests/one", each => $"requests/one?id={each.Escaped}", "main dl"),
        ForAll("/budgets", "budgets", ".budget-row"),
        Of("/budgets/{Id}", each => "budgets/" + workspace.BudgetOf(each), "main input"),
        Of("/budgets/{Id}", each => "budgets/" + workspace.KeyedBudgetOf(each), ".overrides input, main input"),
        Of("/budgets/new", each => $"budgets/new?dimension=endpointTag&value={each.Escaped}", "main"),
        ForAll("/tiers", "tiers", "main table"),
        ForAll("/alerts", "alerts?state=all", ".alert-card") with { More = "Show older" },
        ForAll("/review", "review", null),
        ForAll("/quickstart", "quickstart", null),
        ForAll("/settings", "settings", null),
        ForAll("/settings/members", "settings/members", "[data-member]"),
        ForAll("/settings/channels", "settings/channels", "[data-channel]") with { TextOf = payload => payload.WithoutAt },
        ForAll("/settings/escalations", "settings/escalations", "main"),
        ForAll("/settings/api-keys", "settings/api-keys", ".keys"),
        ForAll("/settings/backups", "settings/backups", null),
        ForAll("/settings/diagnostics", "settings/diagnostics", null),
        ForAll("/settings/workspaces", "settings/workspaces", "[data-workspace]"),
        Of("/audit", each => $"audit?q={each.Escaped}", "main"),
        ForAll("/account", "account", null),

        // The right links first: an address that tries many wrong ones may open none for a while.
        Of("/account/join", each => $"account/join?token={PayloadSeed.SecretOf(each)}", "body", isOutside: true),
        Of("/alerts/acknowledge", each => $"alerts/acknowledge?token={each.Escaped}", null, isOutside: true),
        Of("/account/sign-in", each => $"account/sign-in?returnUrl={each.Escaped}&refused={each.Escaped}", null, isOutside: true),
        Of("/account/set-up", each => $"account/set-up?code={each.Escaped}", null, isOutside: true),
        Of("/account/forgotten", each => $"account/forgotten?email={each.Escaped}", null, isOutside: true),
        Of("/account/new-password", each => $"account/new-password?token={each.Escaped}", null, isOutside: true),
        Of("/account/code", each => $"account/code?returnUrl={each.Escaped}", null, isOutside: true),
        Of("/Error", each => $"Error?{each.Escaped}={each.Escaped}", null, isOutside: true),
        Of("/not-found", each => $"not-found?{each.Escaped}={each.Escaped}", null, isOutside: true),
    ];

    /// <summary>Filters for payloads, by each of these names.</summary>
    public static string Filters(ScriptPayload[] payloads, params string[] names) =>
        string.Concat(names.SelectMany(name => payloads.Select(payload => $"&{name}={payload.Escaped}")));

    private static PayloadPage Of(string route, Func<ScriptPayload, string> address, string? within, bool isOutside = false) =>
        new(route, all => address(all[0]), within, IsOutside: isOutside);

    private static PayloadPage ForAll(string route, string address, string? within) => new(route, _ => address, within, int.MaxValue);
}
