using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Opsmeter.Web.Identity;

namespace Opsmeter.Tests.Web.Access;

/// <summary>A product with two workspaces, members of each role, keys of each kind, and one of everything that a route names.</summary>
internal sealed class AccessOpsmeter : IAsyncDisposable
{
    private const int Other = 2;
    private HttpClient _manager = null!;
    private int _made;

    /// <summary>The product.</summary>
    public TestOpsmeter Product { get; } = new TestOpsmeter(now: PolicyOpsmeter.Now).WithAdmin();

    /// <summary>Everybody who calls.</summary>
    public List<AccessCaller> Callers { get; } = [];

    /// <summary>Fills it.</summary>
    public async ValueTask OpenAsync()
    {
        Product.Settings["Alerts:AllowedAddresses"] = "127.0.0.1/32";
        var admin = await Product.VisitAsync();
        await Product.Services.GetRequiredService<Workspaces>().CreateAsync(admin, "Other", "UTC");
        await Product.Services.GetRequiredService<MemberSessions>().CloseAllAsync(admin.MemberId);
        await Product.EnrolAsync("viewer@example.com", Role.Viewer);
        await Product.EnrolAsync("owner@example.com", Role.PolicyOwner);
        await Product.EnrolAsync("admin@example.com", Role.Admin);
        _manager = await Product.ClientAsync();

        var keys = Product.Services.GetRequiredService<ApiKeys>();
        Callers.Add(new AccessCaller("nobody", With(null)));
        Callers.Add(new AccessCaller("a bad key", With("opm_bad0bad0_0123456789012345678901234567890123456789")));
        var (revoked, text) = await keys.CreateAsync(1, "revoked", KeyScopes.All, null, null, "test");
        await keys.RevokeAsync(1, revoked.Id, "test");
        Callers.Add(new AccessCaller("a revoked key", With(text)));
        Callers.Add(new AccessCaller("an expired key", With((await keys.CreateAsync(1, "expired", KeyScopes.All, null, PolicyOpsmeter.Now, "test")).Key)));
        Callers.Add(new AccessCaller("a key of another workspace", With((await keys.CreateAsync(Other, "foreign", KeyScopes.All, null, null, "test")).Key), KeyScopes.All, IsForeign: true));
        foreach (var scope in new[] { KeyScopes.Ingest, KeyScopes.Decide, KeyScopes.Read, KeyScopes.Manage, KeyScopes.All })
        {
            Callers.Add(new AccessCaller($"a key with {scope}", With((await keys.CreateAsync(1, $"{scope}", scope, null, null, "test")).Key), scope));
        }

        foreach (var (role, email) in new[] { (Role.Viewer, "viewer@example.com"), (Role.PolicyOwner, "owner@example.com"), (Role.Admin, "admin@example.com") })
        {
            var browser = Product.Browser();
            await browser.SignInAsync(email, TestAccounts.OtherPassword);
            Callers.Add(new AccessCaller($"{role}", browser, Role: role));
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Callers.ForEach(caller => caller.Client.Dispose());
        _manager?.Dispose();
        await Product.DisposeAsync();
    }

    /// <summary>The status of an answer.</summary>
    public async Task<int> AskAsync(AccessRow row, AccessCaller caller)
    {
        var (method, route) = (row.Route.Split(' ')[0], row.Route.Split(' ')[1]);
        var path = await PathAsync(row.Route, route);
        using var request = new HttpRequestMessage(method == "*" ? MethodOf(route) : new HttpMethod(method), path + row.Query);
        if (!route.StartsWith("/v1", StringComparison.Ordinal))
        {
            request.Headers.Accept.ParseAdd("text/html");
        }

        if (row.Body is not null)
        {
            request.Content = new StringContent(row.Body.Replace("NAME", $"w{++_made}", StringComparison.Ordinal), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        // Headers alone: a page may be long, and what a stream says later is no matter here.
        using var answer = await caller.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (int)answer.StatusCode;
    }

    private static HttpMethod MethodOf(string route) => route.EndsWith("negotiate", StringComparison.Ordinal) || route.EndsWith("disconnect/", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get;

    private HttpClient With(string? key)
    {
        var client = Product.Browser();
        if (key is not null)
        {
            client.DefaultRequestHeaders.Add("X-API-Key", key);
        }

        return client;
    }

    // A new one each time: some routes take it away.
    private async Task<string> PathAsync(string row, string route)
    {
        if (!route.Contains('{', StringComparison.Ordinal))
        {
            return route;
        }

        var name = $"n{++_made}";
        var place = route switch
        {
            "/v1/decisions/{*externalRequestId}" => await HoldAsync(name),
            "/v1/{**path}" => "/v1/nothing-here",
            "/budgets/{Id}" or "/v1/budgets/{id}" or "/v1/budgets/{id}/transitions" or "/v1/budgets/{id}/release" or "/v1/budgets/{id}/temporary-increase" => await BudgetAsync(name, row),
            "/v1/tiers/{id}" => await MakeAsync("/v1/tiers", $$"""{"pattern":"{{name}}.*","tier":3}"""),
            "/v1/channels/{id}" or "/v1/channels/{id}/test" => await MakeAsync("/v1/channels", $$"""{"name":"{{name}}","kind":"webhook","url":"http://127.0.0.1:9/hook"}"""),
            "/v1/escalations/{id}" => await MakeAsync("/v1/escalations", $$"""{"name":"{{name}}","steps":[{"afterMinutes":0,"notify":"owner"}]}"""),
            "/v1/containments/{id}" => await MakeAsync("/v1/containments", $$"""{"dimension":"userId","value":"{{name}}","action":"block","until":"2026-11-23T15:00:00Z","reason":"a test"}"""),
            "/v1/keys/{id:int}" or "/v1/keys/{id:int}/rotate" => await MakeAsync("/v1/keys", $$"""{"name":"{{name}}","scopes":["manage"]}"""),
            "/v1/requests/{externalRequestId}" or "/v1/requests/{externalRequestId}/void" => await RequestAsync(name),
            "/v1/alerts/{id}/acknowledge" or "/v1/alerts/{id}/snooze" => await AlertAsync(),
            _ => throw new InvalidOperationException($"Nothing is made for {route}."),
        };
        var tail = route[(route.IndexOf('}', StringComparison.Ordinal) + 1)..];
        return place + tail;
    }

    private async Task<string> MakeAsync(string path, string body)
    {
        var made = await _manager.PostAsync(path, body);
        return made.Status == 201 ? made.Location! : throw new InvalidOperationException(made.Text);
    }

    private async Task<string> BudgetAsync(string name, string row)
    {
        var location = await MakeAsync("/v1/budgets", PolicyOpsmeter.Budget(("name", name), ("limitUsd", 1_000)));
        if (row.StartsWith("DELETE", StringComparison.Ordinal) && row.EndsWith("increase", StringComparison.Ordinal))
        {
            await _manager.SendAsync(HttpMethod.Put, location + "/temporary-increase", """{"amountUsd":5,"until":"2026-11-24T00:00:00Z","reason":"a launch"}""");
        }

        return row.Contains(" /budgets/", StringComparison.Ordinal) ? location["/v1".Length..] : location;
    }

    private async Task<string> HoldAsync(string name)
    {
        if ((await _manager.ReadAsync("/v1/budgets"))["items"].GetArrayLength() == 0)
        {
            await BudgetAsync("all", "");
        }

        await _manager.PostAsync("/v1/decisions", $$"""{"endpointTag":"chat","provider":"openai","model":"gpt-5-mini","externalRequestId":"{{name}}","estimatedInputTokens":10,"maxOutputTokens":10}""");
        return "/v1/decisions/" + name;
    }

    private async Task<string> RequestAsync(string name)
    {
        await _manager.CountAsync(PolicyOpsmeter.Row(name));
        return "/v1/requests/" + name;
    }

    private async Task<string> AlertAsync()
    {
        var alerts = await _manager.ReadAsync("/v1/alerts");
        if (alerts["items"].GetArrayLength() == 0)
        {
            await MakeAsync("/v1/budgets", PolicyOpsmeter.Budget(("name", "small"), ("limitUsd", 1), ("conditions", System.Text.Json.Nodes.JsonNode.Parse("""[{"dimension":"endpointTag","values":["small"]}]"""))));
            for (var i = 0; i < 12; i++)
            {
                await _manager.CountAsync(PolicyOpsmeter.Row($"small{i}", "small"));
            }

            alerts = await _manager.ReadAsync("/v1/alerts");
        }

        return "/v1/alerts/" + alerts["items"][0].GetProperty("id").GetString();
    }
}
