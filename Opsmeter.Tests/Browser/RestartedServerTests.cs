using AwesomeAssertions;
using Microsoft.Playwright;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Browser;

/// <summary>A page that stays open while its server is started again.</summary>
[Collection(AloneCollection.Name)]
[Trait("Browser", "Chromium")]
public sealed class RestartedServerTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private OpsmeterProcess _opsmeter = null!;
    private TestBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);
        _browser = await TestBrowser.OpenAsync(_opsmeter.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _opsmeter.DisposeAsync();
        _folder.Dispose();
    }

    private IPage Page => _browser.Page;

    [Fact]
    public async Task Server_RestartedUnderAnOpenPage_KeepsTheMemberAndWhatTheyTyped()
    {
        await _browser.SignInAsync();
        await _browser.GoAsync("budgets/new");
        await Page.GetByLabel("Name", new() { Exact = true }).FillAsync("Agents research");
        await Page.GetByLabel("Name", new() { Exact = true }).BlurAsync();
        await Page.GetByLabel("Notes", new() { Exact = true }).FillAsync("Asked for by the platform team");
        var port = _opsmeter.Address.Port;
        await _opsmeter.KillAsync();
        await _opsmeter.DisposeAsync();
        _opsmeter = await OpsmeterProcess.StartAsync(_folder.Path, null, "--urls", $"http://127.0.0.1:{port}");

        var since = TimeProvider.System.GetTimestamp();
        await Page.WaitForFunctionAsync("() => !document.documentElement.hasAttribute('data-offline') && document.querySelector('.live-on') !== null");
        var took = TimeProvider.System.GetElapsedTime(since);
        await Page.GetByText("What you had typed is back.").WaitForAsync();

        (await Page.GetByLabel("Name", new() { Exact = true }).InputValueAsync()).Should().Be("Agents research");
        (await Page.GetByLabel("Notes", new() { Exact = true }).InputValueAsync()).Should().Be("Asked for by the platform team");
        Page.Url.Should().EndWith("/budgets/new");

        // Where the machine is busy, the same page opened anew tells how busy.
        since = TimeProvider.System.GetTimestamp();
        await _browser.GoAsync("budgets/new");
        var anew = TimeProvider.System.GetElapsedTime(since);
        var atMost = TimeSpan.FromSeconds(Math.Max(5, anew.TotalSeconds * 3));
        took.Should().BeLessThan(atMost, because: "the page asks each second whether the server is back");
    }
}
