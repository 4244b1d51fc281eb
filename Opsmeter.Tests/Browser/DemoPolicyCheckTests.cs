using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Opsmeter.Tests.Browser;

/// <summary>The demo's policy is a good one, and its callers ask and obey: the policy check has nothing to say.</summary>
[Collection(DemoCollection.Name)]
public sealed class DemoPolicyCheckTests(DemoOpsmeter demo)
{
    [Fact]
    public async Task Check_TheDemo_FindsNothing()
    {
        await demo.Browser.GoAsync("budgets");

        await Expect(demo.Browser.Page.Locator(".lint-clean")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        await Expect(demo.Browser.Page.Locator(".lint")).ToHaveCountAsync(0);
        await Expect(demo.Browser.Page.Locator(".lint-panel .panel-title small")).ToContainTextAsync("requests of 7 days");
        demo.Browser.Errors.Should().BeEmpty();
    }
}
