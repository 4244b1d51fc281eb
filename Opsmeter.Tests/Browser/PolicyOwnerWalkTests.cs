using System.Globalization;
using System.Text.RegularExpressions;
using AwesomeAssertions;
using Microsoft.Playwright;
using Opsmeter.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Opsmeter.Tests.Browser;

/// <summary>
/// What a policy owner does who sees the product for the first time: a budget of each tenant, tried on last month before it
/// is saved, changed for what the replay says, watched live, raised for a while, and found in the audit log.
/// </summary>
[Collection(DemoCollection.Name)]
public sealed class PolicyOwnerWalkTests(DemoOpsmeter demo)
{
    private const string Name = "Each tenant, capped";
    private const string Tenant = "tenant_walk";
    private const string Endpoint = "search.rerank";
    private const string Why = "Launch week";

    [Fact]
    public async Task Walk_FromSignInToAuditLog_NeedsNoHelp()
    {
        var email = TestMembers.Add(demo.DataFolder, "policy-owner", "PolicyOwner");
        using var client = demo.Process.Client();
        await using var browser = await TestBrowser.OpenAsync(demo.Process.Address, ColorScheme.Light);
        var page = browser.Page;
        await browser.SignInAsync(email);
        await Expect(page.Locator("nav a[data-key=b]")).ToBeVisibleAsync();

        // A per-tenant daily budget by hard cap, by the labels of the form alone.
        await page.Locator("nav a[data-key=b]").ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "New budget" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/budgets/new$"));
        await browser.LiveAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(Name);
        await page.GetByLabel("Counted").SelectOptionAsync(new SelectOptionValue { Label = "Per tenant" });
        await page.GetByLabel("USD", new() { Exact = true }).FillAsync("2");
        await page.GetByLabel("Window", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = "Day" });
        await page.GetByRole(AriaRole.Radio, new() { NameRegex = new("^Hard") }).CheckAsync();

        // The replay: hard would have blocked the loud tenant.
        var figures = page.Locator(".replay-figures");
        await Expect(figures).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Expect(page.Locator(".caps tr.is-chosen th")).ToHaveTextAsync("Hard", new() { Timeout = 30_000 });
        (await CapAsync(page, "Hard", column: 3)).Should().BeGreaterThan(0, "a hard cap of $2 would have blocked requests last month");
        (await CapAsync(page, "Degrade", column: 3)).Should().Be(0);

        // So it degrades instead, chosen from the comparison.
        await page.Locator(".caps").GetByRole(AriaRole.Button, new() { Name = "Degrade", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Radio, new() { NameRegex = new("^Degrade") })).ToBeCheckedAsync();
        await Expect(page.Locator(".caps tr.is-chosen th")).ToHaveTextAsync("Degrade", new() { Timeout = 30_000 });
        await page.Locator("[data-save]").ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/budgets/bud_"));
        var id = new Uri(page.Url).Segments[^1];
        var saved = await client.ReadAsync("/v1/budgets/" + id);
        (saved["per"].GetString(), saved["cap"].GetString(), saved["limitUsd"].GetDecimal(), saved["owner"].GetString())
            .Should().Be(("tenantId", "degrade", 2m, email));

        try
        {
            // Live: a tenant that comes only now is counted while the page is open, and its callers are told.
            await SpendAsync(client, "walk_1");
            await Expect(page.Locator("main")).ToContainTextAsync(Tenant);
            (await ActionAsync(client)).Should().Be("degrade");

            // Raised for a while, with a reason.
            await page.Locator("[data-act=raise]").ClickAsync();
            await page.GetByLabel("More for now, for each key").FillAsync("1000");
            await page.GetByLabel("Until").FillAsync(TimeProvider.System.GetUtcNow().AddHours(1).ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture));
            await page.GetByLabel("Why").FillAsync(Why);
            await page.Locator("[data-confirm-raise]").ClickAsync();
            await Expect(page.Locator(".acts")).ToContainTextAsync(Why);
            (await ActionAsync(client)).Should().Be("allow");

            // And all of it is in the audit log.
            await page.Locator("nav a[data-key=l]").ClickAsync();
            await Expect(page).ToHaveURLAsync(new Regex("/audit$"));
            await page.GetByLabel("Search", new() { Exact = true }).FillAsync(Why);
            await page.Keyboard.PressAsync("Enter");
            await Expect(page.Locator(".audit tbody tr")).ToHaveCountAsync(1);
            await Expect(page.Locator(".audit tbody tr")).ToContainTextAsync(email);
            browser.Errors.Should().BeEmpty();
        }
        finally
        {
            // Other tests look at the same demo.
            await client.SendAsync(HttpMethod.Delete, "/v1/budgets/" + id, null);
        }
    }

    private static async Task<int> CapAsync(IPage page, string cap, int column)
    {
        var row = page.Locator(".caps tbody tr").Filter(new() { Has = page.Locator("th", new() { HasTextString = cap }) });
        return int.Parse(await row.Locator("td").Nth(column - 1).InnerTextAsync(), NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    private static async Task SpendAsync(HttpClient client, string id)
    {
        // $3 by gpt-5: past the limit of the walk, within those of the demo.
        var answer = await client.PostAsync("/v1/ingest/llm-request", $$"""
            {"externalRequestId":"{{id}}","provider":"openai","model":"gpt-5","endpointTag":"{{Endpoint}}","promptVersion":"v1","tenantId":"{{Tenant}}","inputTokens":0,"outputTokens":300000,"latencyMs":5,"status":"success"}
            """);
        answer.Status.Should().Be(200, answer.Text);
    }

    private static async Task<string?> ActionAsync(HttpClient client) => (await client.PostAsync(
        "/v1/decisions", $$"""{"endpointTag":"{{Endpoint}}","tenantId":"{{Tenant}}"}"""))["action"].GetString();
}
