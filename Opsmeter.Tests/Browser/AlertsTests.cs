using System.Text.RegularExpressions;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Opsmeter.Tests.Browser;

/// <summary>An alert comes while the page is open, says who is behind it, and is acknowledged where it is seen.</summary>
public sealed class AlertsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Alerts_ComeSayWhoAndAreAcknowledged()
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);
        using var client = opsmeter.Client();
        await client.PostAsync("/v1/budgets", """{"name":"Agents","limitUsd":1,"window":{"kind":"day"},"owner":"lead@example.com","escalation":"default"}""");
        await using var browser = await TestBrowser.OpenAsync(opsmeter.Address);
        var page = browser.Page;
        await browser.SignInAsync();
        await browser.GoAsync("alerts");
        await Expect(page.Locator("main")).ToContainTextAsync("Nothing waits for anyone");

        (await client.PostAsync("/v1/ingest/llm-request", """
            {"externalRequestId":"r1","provider":"openai","model":"gpt-5-mini","endpointTag":"agents.plan","promptVersion":"v1","tenantId":"tenant_loud","inputTokens":3600000,"outputTokens":0,"latencyMs":5,"status":"success"}
            """)).Status.Should().Be(200);

        var card = page.Locator(".alert-card");
        await Expect(card).ToContainTextAsync("$0.90 of $1.00");
        await Expect(card).ToContainTextAsync("agents.plan");
        await Expect(card).ToContainTextAsync("tenant_loud");
        await Expect(card).ToContainTextAsync("waits for lead@example.com");
        await Expect(page.Locator("[data-open-alerts='1']")).ToBeVisibleAsync();

        await card.GetByLabel("What it led to").SelectOptionAsync("expected");
        await page.Locator("[data-act=acknowledge]").ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("Nothing waits for anyone");
        await Expect(page.Locator("[data-open-alerts]")).ToHaveCountAsync(0);
        await browser.GoAsync("alerts?state=acknowledged");
        await Expect(page.Locator(".alert-card")).ToContainTextAsync("lead@example.com knows of it: expected");

        // Its link opens the window with who is behind it.
        await page.Locator(".alert-card a", new() { HasTextString = "Investigate" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex(@"/investigate\?"));
        await Expect(page.Locator("main")).ToContainTextAsync("agents.plan");
        browser.Errors.Should().BeEmpty();
    }
}
