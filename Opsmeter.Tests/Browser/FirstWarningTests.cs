using System.Text.RegularExpressions;
using AwesomeAssertions;
using Microsoft.Playwright;
using Opsmeter.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Opsmeter.Tests.Browser;

/// <summary>From an empty server to a live warning, by two people in two browsers and an app that reports its calls.</summary>
public sealed partial class FirstWarningTests : IDisposable
{
    private const string Payload = """
        {"externalRequestId":"req_01HZXB6MQZ2WQ9D2KCF9M4V2QY","provider":"openai","model":"gpt-5-mini","endpointTag":"billing.guardrail_check","promptVersion":"budget_v1","userId":"tenant_acme_hash","inputTokens":240,"outputTokens":80,"latencyMs":892,"status":"success","dataMode":"real","environment":"prod"}
        """;

    private readonly TestFolder _folder = new();
    private int _sent;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Story_SetUpBudgetAndRequests_ReachesEveryOpenBrowserWithoutReload()
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path, new Dictionary<string, string>());
        await using var lead = await TestBrowser.OpenAsync(opsmeter.Address);

        await SetUpAsync(lead, opsmeter);
        var key = await MakeKeyAsync(lead);
        using var app = opsmeter.Client(key);

        // The first request turns the page live.
        var first = await app.PostAsync("/v1/ingest/llm-request", Payload);
        first.Status.Should().Be(200, first.Text);
        first["costUsd"].GetDecimal().Should().Be(0.00022m);
        await Expect(lead.Page.Locator("[data-arrived]")).ToBeVisibleAsync();
        await Expect(lead.Page.Locator(".first-request")).ToContainTextAsync("billing.guardrail_check");

        await MakeBudgetAsync(lead);

        await using var owner = await TestBrowser.OpenAsync(opsmeter.Address, ColorScheme.Light);
        await owner.SignInAsync();
        await lead.GoAsync("budgets");
        await MarkAsync(lead, owner);
        await Expect(owner.Page.Locator("main")).ToContainTextAsync("Whole workspace");

        await SpendAsync(app, 0.5m);
        await Expect(owner.Page.Locator("main")).ToContainTextAsync("$0.50 of $1.00");
        await Expect(lead.Page.Locator(".budget-row")).ToContainTextAsync("$0.50 of $1.00");

        await SpendAsync(app, 0.4m);
        await ToastAsync("Warning", lead, owner);
        await Expect(lead.Page.Locator(".budget-row")).ToContainTextAsync("Warning");
        await Expect(owner.Page.Locator("main")).ToContainTextAsync("$0.90");

        await SpendAsync(app, 0.3m);
        await ToastAsync("Exceeded", lead, owner);
        await Expect(lead.Page.Locator(".budget-row")).ToContainTextAsync("Exceeded");
        await UnmovedAsync(lead, owner);

        // Its link leads to the budget, whose history says when.
        await lead.Page.Locator("[data-toast=Exceeded] a").First.ClickAsync();
        await Expect(lead.Page.Locator(".timeline")).ToContainTextAsync("Exceeded");

        await lead.GoAsync("requests");
        await MarkAsync(lead);
        await SpendAsync(app, 0.01m, "chat.late_arrival");
        await Expect(lead.Page.Locator("main")).ToContainTextAsync("chat.late_arrival");
        await UnmovedAsync(lead);

        lead.Errors.Should().BeEmpty();
        owner.Errors.Should().BeEmpty();
    }

    private static async Task SetUpAsync(TestBrowser browser, OpsmeterProcess opsmeter)
    {
        var code = (await opsmeter.LoggedAsync(CodeInLog())).Groups[1].Value;
        await browser.Page.GotoAsync("");
        await browser.Page.GetByLabel("One-time code").FillAsync(code);
        await browser.Page.GetByLabel("E-mail").FillAsync(OpsmeterProcess.AdminEmail);
        await browser.Page.GetByLabel("Password, 12").FillAsync(OpsmeterProcess.AdminPassword);
        await browser.Page.GetByLabel("Password again").FillAsync(OpsmeterProcess.AdminPassword);
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Make the admin" }).ClickAsync();
        await browser.LiveAsync();
        browser.Page.Url.Should().EndWith("/quickstart");
    }

    private static async Task<string> MakeKeyAsync(TestBrowser browser)
    {
        await Expect(browser.Page.Locator("[data-waiting]")).ToBeVisibleAsync();
        await browser.Page.GetByRole(AriaRole.Button, new() { Name = "Make the key" }).ClickAsync();
        var key = await browser.Page.Locator(".copy-field code").First.InnerTextAsync();
        key.Should().StartWith("opm_");
        await Expect(browser.Page.Locator(".code-block").Last).ToContainTextAsync(key);
        return key;
    }

    private static async Task MakeBudgetAsync(TestBrowser browser)
    {
        await browser.GoAsync("budgets/new");
        var page = browser.Page;

        // What is missing is said beside the field first.
        await page.GetByRole(AriaRole.Button, new() { Name = "Save budget" }).ClickAsync();
        await Expect(page.Locator(".error-summary")).ToContainTextAsync("3 fields need another value");

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Whole workspace");
        await page.GetByLabel("USD", new() { Exact = true }).FillAsync("1");
        await page.GetByLabel("Window", new() { Exact = true }).SelectOptionAsync(new SelectOptionValue { Label = "Month" });
        await page.GetByRole(AriaRole.Button, new() { Name = "Save budget" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("/budgets/bud_"));
    }

    private static async Task ToastAsync(string state, params TestBrowser[] browsers)
    {
        foreach (var browser in browsers)
        {
            await Expect(browser.Page.Locator($"[data-toast={state}]").First).ToContainTextAsync("Whole workspace");
        }
    }

    private static async Task MarkAsync(params TestBrowser[] browsers)
    {
        foreach (var browser in browsers)
        {
            await browser.Page.EvaluateAsync("() => { window.sameDocument = true; }");
        }
    }

    private static async Task UnmovedAsync(params TestBrowser[] browsers)
    {
        foreach (var browser in browsers)
        {
            (await browser.Page.EvaluateAsync<bool>("() => window.sameDocument === true")).Should().BeTrue("the page must not have been loaded again");
        }
    }

    // gpt-5-mini costs $0.25 per million input tokens.
    private async Task SpendAsync(HttpClient app, decimal usd, string endpoint = "chat.reply")
    {
        var answer = await app.PostAsync(
            "/v1/ingest/llm-request", RowText.Of($"story_{_sent++}", endpoint: endpoint, input: (long)(usd * 4_000_000m), output: 0));
        answer.Status.Should().Be(200, answer.Text);
    }

    [GeneratedRegex("enter the code ([A-Z0-9-]+)")]
    private static partial Regex CodeInLog();
}
