using System.Text.RegularExpressions;
using AwesomeAssertions;
using Microsoft.Playwright;
using Opsmeter.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Opsmeter.Tests.Browser;

public sealed class CutConnectionTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private OpsmeterProcess _opsmeter = null!;
    private TestProxy _proxy = null!;
    private TestBrowser _browser = null!;

    private IPage Page => _browser.Page;

    public async ValueTask InitializeAsync()
    {
        _opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);
        _proxy = new TestProxy(_opsmeter.Address);
        _browser = await TestBrowser.OpenAsync(_proxy.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _proxy.DisposeAsync();
        await _opsmeter.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Connection_CutForSeconds_GoesOnWhereItWas()
    {
        await _browser.SignInAsync();
        await _browser.GoAsync("budgets/new");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Agents research");
        await Page.GetByLabel("USD", new() { Exact = true }).FillAsync("500");
        await Page.EvaluateAsync("() => { window.same = true; }");

        for (var cut = 0; cut < 3; cut++)
        {
            _proxy.Cut();
            await Page.WaitForFunctionAsync("() => document.documentElement.hasAttribute('data-offline')");
            await Page.WaitForTimeoutAsync(2_000);
            _proxy.Mend();
            await Page.WaitForFunctionAsync("() => !document.documentElement.hasAttribute('data-offline')");
        }

        (await Page.EvaluateAsync<bool>("() => window.same === true")).Should().BeTrue(because: "the page is not loaded anew");
        (await Page.GetByLabel("Name", new() { Exact = true }).InputValueAsync()).Should().Be("Agents research");
        await Page.GetByLabel("Window", new() { Exact = true }).SelectOptionAsync("1");
        await Page.GetByLabel("Owner", new() { Exact = true }).SelectOptionAsync("0");
        await Page.Locator("[data-save]").ClickAsync();
        await Expect(Page).Not.ToHaveURLAsync(new Regex("/new$"));
        using var client = _opsmeter.Client();
        (await client.ReadAsync("/v1/budgets"))["items"].GetArrayLength().Should().Be(1, because: "what was typed before the cuts is saved once");
    }
}
