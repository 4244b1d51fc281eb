using AwesomeAssertions;
using Microsoft.Playwright;
using Opsmeter.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Opsmeter.Tests.Browser;

/// <summary>Quickstart's first policy: three answers, observed, then enforced by one click.</summary>
public sealed class StarterPolicyTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Quickstart_ThreeAnswers_ObserveThenEnforce()
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);
        using var client = opsmeter.Client();
        var yesterday = TimeProvider.System.GetUtcNow().AddDays(-1);
        (await client.PostAsync("/v1/ingest/llm-request", $$"""
            {"externalRequestId":"r1","provider":"openai","model":"gpt-5-mini","endpointTag":"chat.reply","promptVersion":"v1","inputTokens":400000,"outputTokens":0,"latencyMs":5,"status":"success","occurredAt":"{{yesterday:O}}"}
            """)).Status.Should().Be(200);
        await using var browser = await TestBrowser.OpenAsync(opsmeter.Address);
        var page = browser.Page;
        await browser.SignInAsync();
        await browser.GoAsync("quickstart");

        // An answer that is missing is asked for, and nothing is made.
        await page.Locator("[data-start]").ClickAsync();
        await Expect(page.Locator(".starter")).ToContainTextAsync("Write what a month may cost");
        await page.GetByLabel("A month may cost").FillAsync("500");
        await page.GetByLabel("Which endpoints earn money").FillAsync("chat.reply");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("[data-start]").ClickAsync();

        await Expect(page.Locator("[data-would-have]")).ToContainTextAsync("2 budgets observe");
        await Expect(page.Locator("[data-would-have]")).ToContainTextAsync("would have refused 0");
        await Expect(page.Locator("[data-observe]")).ToBeVisibleAsync();
        (await client.ReadAsync("/v1/settings"))["observe"].GetBoolean().Should().BeTrue();

        await page.Locator("[data-enforce]").ClickAsync();
        await Expect(page.Locator("[data-observe]")).ToHaveCountAsync(0);
        await Expect(page.Locator("[data-would-have]")).ToHaveCountAsync(0);
        (await client.ReadAsync("/v1/settings"))["observe"].GetBoolean().Should().BeFalse();
        (await client.ReadAsync("/v1/budgets"))["items"].GetArrayLength().Should().Be(2);
        browser.Errors.Should().BeEmpty();
    }
}
