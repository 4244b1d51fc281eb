using AwesomeAssertions;
using Microsoft.Playwright;
using Opsmeter.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Opsmeter.Tests.Browser;

/// <summary>Endpoints are put into tiers by boxes, by dragging and by suggestion, once what it changes was shown, and put back.</summary>
public sealed class TiersTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tiers_ChooseDragAcceptAndUndo_ChangeWhatTheySay()
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);
        using var client = opsmeter.Client();
        await PrepareAsync(client);
        await using var browser = await TestBrowser.OpenAsync(opsmeter.Address);
        await browser.SignInAsync();
        await browser.GoAsync("tiers");
        var page = browser.Page;

        // Many by boxes, with Shift: what would change at once is shown, and Cancel changes nothing.
        await page.GetByLabel("Select chat.reply").ClickAsync();
        await page.GetByLabel("Select agents.run").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Expect(page.Locator(".selection-bar")).ToContainTextAsync("2 selected");
        await page.Locator("[data-move='3']").ClickAsync();
        await Expect(page.Locator("[data-effects]")).ToContainTextAsync("degrade → block");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        (await TiersAsync(client)).Should().Equal("agents.plan 3");

        // Confirmed, it is in force at once, and undone by one click.
        await page.Locator("[data-move='3']").ClickAsync();
        await page.Locator("[data-confirm-move]").ClickAsync();
        await Expect(page.Locator("[data-undo]")).ToBeVisibleAsync();
        (await TiersAsync(client)).Should().Equal("agents.plan 3", "agents.run 3", "chat.reply 3");
        (await ActionAsync(client, "chat.reply")).Should().Be("block");
        await page.Locator("[data-undo]").ClickAsync();
        await Expect(page.Locator("[data-undo]")).ToHaveCountAsync(0);
        (await TiersAsync(client)).Should().Equal("agents.plan 3");
        (await ActionAsync(client, "chat.reply")).Should().Be("degrade");

        // A row dragged onto a tier.
        await page.Locator("tr[draggable=true]", new() { HasTextString = "chat.reply" }).DragToAsync(page.Locator("[data-drop='1']"));
        await Expect(page.Locator("[data-undo]")).ToBeVisibleAsync();
        (await TiersAsync(client)).Should().Equal("agents.plan 3", "chat.reply 1");

        // The rest by suggestion, each with its reason; then nothing is unclassified.
        await page.GotoAsync("tiers?tier=none");
        await browser.LiveAsync();
        await Expect(page.Locator("tr", new() { HasTextString = "agents.run" })).ToContainTextAsync("Tier 3: the other one of agents.* is in it");
        await Expect(page.Locator("tr", new() { HasTextString = "billing.check" })).ToContainTextAsync("Tier 1: its name says \"billing\"");
        await page.Locator("[data-accept-all]").ClickAsync();
        await page.Locator("[data-confirm-move]").ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("Every endpoint has a tier");
        (await TiersAsync(client)).Should().Equal("agents.plan 3", "agents.run 3", "billing.check 1", "chat.reply 1");

        // A degraded mode for a whole tier.
        await page.GetByLabel("Change the degraded mode of Tier 1").ClickAsync();
        await page.GetByText("A degraded mode", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("Fallback model").FillAsync("gpt-5-nano");
        await page.Locator("[data-save-mode]").ClickAsync();
        await Expect(page.Locator("[data-tier='1']")).ToContainTextAsync("gpt-5-nano");
        (await client.PostAsync("/v1/decisions", """{"endpointTag":"chat.reply"}"""))["degradedMode"].GetProperty("model").GetString().Should().Be("gpt-5-nano");
        browser.Errors.Should().BeEmpty();
    }

    private static async Task PrepareAsync(HttpClient client)
    {
        await client.PostAsync("/v1/tiers", """{"pattern":"agents.plan","tier":3}""");
        await client.PostAsync("/v1/budgets", """{"name":"Everything","limitUsd":0.05,"window":{"kind":"month"},"owner":"lead@example.com","escalation":"default"}""");
        foreach (var (endpoint, input) in new[] { ("chat.reply", 500_000), ("agents.run", 400_000), ("billing.check", 300_000), ("agents.plan", 200_000) })
        {
            (await client.PostAsync("/v1/ingest/llm-request", $$"""
                {"externalRequestId":"{{endpoint}}","provider":"openai","model":"gpt-5-mini","endpointTag":"{{endpoint}}","promptVersion":"v1","inputTokens":{{input}},"outputTokens":0,"latencyMs":5,"status":"success"}
                """)).Status.Should().Be(200);
        }
    }

    private static async Task<IEnumerable<string>> TiersAsync(HttpClient client) => (await client.ReadAsync("/v1/tiers"))["items"].EnumerateArray()
        .Select(tier => $"{tier.GetProperty("pattern")} {tier.GetProperty("tier")}");

    private static async Task<string?> ActionAsync(HttpClient client, string endpoint) =>
        (await client.PostAsync("/v1/decisions", $$"""{"endpointTag":"{{endpoint}}"}"""))["action"].GetString();
}
