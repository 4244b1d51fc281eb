using AwesomeAssertions;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Browser;

/// <summary>What a machine can find of barriers, on every page, dark and light.</summary>
[Collection(DemoCollection.Name)]
public sealed class AccessibilityTests(DemoOpsmeter demo)
{
    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    // Everything in the dark; of the light only what another theme can break, all else is the same page. The library's own
    // way opens a page beside it for each run.
    private const string GraveBarriers = """
        isLight => axe.run(document, { resultTypes: ['violations'], ...(isLight && { runOnly: ['color-contrast', 'link-in-text-block'] }) })
          .then(found => found.violations.filter(violation => violation.impact === 'serious' || violation.impact === 'critical').map(violation =>
            `${violation.impact} ${violation.id}: ${violation.help}: ` + violation.nodes.slice(0, 5).map(node =>
              `${node.html} (${[...node.any, ...node.all, ...node.none].map(check => check.message).join(' ')})`).join('; ')))
        """;

    [Theory]
    [InlineData("", ".chart-note-text")]
    [InlineData("investigate?from=now-7d", ".movers")]
    [InlineData("endpoints", ".spend-row")]
    [InlineData("endpoints/one?endpoint=agents.research", ".posture, .budget-line, .panel")]
    [InlineData("users", ".spend-row")]
    [InlineData("users/one?tenant=tenant_acme_hash", ".figure-value")]
    [InlineData("versions", "[data-version]")]
    [InlineData("versions?from=now-30d&endpoint=agents.research&of=agents.research&a=v13&b=v14", ".comparison-grid")]
    [InlineData("models", "[data-model]")]
    [InlineData("requests", ".request-id a")]
    [InlineData("budgets", ".budget-row")]
    [InlineData("budgets/new", ".decision-table")]
    [InlineData("tiers", "table")]
    [InlineData("alerts?state=all", ".alert-card")]
    [InlineData("quickstart", "pre")]
    [InlineData("settings", "main h1")]
    [InlineData("settings/members", "[data-member]")]
    [InlineData("settings/channels", ".empty-state, main table")]
    [InlineData("settings/escalations", "main .panel")]
    [InlineData("settings/api-keys", ".empty-state, main table")]
    [InlineData("settings/workspaces", "[data-workspace]")]
    [InlineData("settings/backups", "[data-act=backup]")]
    [InlineData("settings/diagnostics", ".diagnosis")]
    [InlineData("account", "[data-session]")]
    [InlineData("review", "main h1")]
    [InlineData("audit", "main h1")]
    [InlineData("no-such-page", "main h1")]
    public async Task Page_OfTheDemo_HasNoGraveBarrier(string path, string drawn)
    {
        await demo.Browser.GoAsync(path);

        await FreeOfBarriersAsync(demo.Browser.Page, drawn);
        if (path == "no-such-page")
        {
            // The browser says of a 404 that it is one; others look whether anything went wrong.
            demo.Browser.ForgetErrors();
        }
    }

    [Theory]
    [InlineData("requests", ".request-id a", "dl, table")]
    [InlineData("budgets", ".budget-row a[href^='budgets/bud']", ".decision-table")]
    public async Task Page_OneOfAList_HasNoGraveBarrier(string list, string link, string drawn)
    {
        await demo.Browser.GoAsync(list);
        await demo.Browser.Page.Locator(link).First.ClickAsync();
        await demo.Browser.Page.Locator("main a[href]").First.WaitForAsync();

        await FreeOfBarriersAsync(demo.Browser.Page, drawn);
    }

    [Fact]
    public async Task Page_BeforeSigningIn_HasNoGraveBarrier()
    {
        await using var stranger = await TestBrowser.OpenAsync(demo.Process.Address);
        await stranger.Page.GotoAsync("account/sign-in");
        await FreeOfBarriersAsync(stranger.Page, "form");

        await stranger.Page.GotoAsync("account/forgotten");
        await FreeOfBarriersAsync(stranger.Page, "h1");
        await stranger.Page.GotoAsync("account/join?token=none");
        await FreeOfBarriersAsync(stranger.Page, "[role=alert]");
        await stranger.Page.GotoAsync("account/sign-in");
        await stranger.Page.GetByLabel("Password").FillAsync("not the password");
        await stranger.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await FreeOfBarriersAsync(stranger.Page, ".field-error");
    }

    [Fact]
    public async Task Page_OfTheFirstStart_HasNoGraveBarrier()
    {
        using var folder = new TestFolder();
        await using var opsmeter = await OpsmeterProcess.StartAsync(folder.Path, new Dictionary<string, string>());
        await using var first = await TestBrowser.OpenAsync(opsmeter.Address);
        await first.Page.GotoAsync("");

        await FreeOfBarriersAsync(first.Page, "form");
    }

    // axe does not press keys: a link that is reached by one must show it.
    [Fact]
    public async Task Link_ReachedByKeyboard_ShowsItsFocus()
    {
        await demo.Browser.GoAsync("endpoints");
        var link = demo.Browser.Page.Locator("nav a[data-key=o]");
        await demo.Browser.Page.Locator("nav a").First.FocusAsync();
        await demo.Browser.Page.Keyboard.PressAsync("Tab");

        await Assertions.Expect(link).ToBeFocusedAsync();
        (await link.EvaluateAsync<string>("link => getComputedStyle(link).outlineStyle")).Should().Be("solid");
    }

    private static async Task FreeOfBarriersAsync(IPage page, string drawn)
    {
        await page.Locator(drawn).First.WaitForAsync();
        await Assertions.Expect(page.Locator("main .skeleton")).ToHaveCountAsync(0);
        await page.EvaluateAsync(Axe);
        foreach (var scheme in new[] { ColorScheme.Dark, ColorScheme.Light })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
            await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", scheme == ColorScheme.Dark ? "dark" : "light");
            var found = await page.EvaluateAsync<string[]>(GraveBarriers, scheme == ColorScheme.Light);

            found.Should().BeEmpty($"it is drawn {(scheme == ColorScheme.Light ? "light" : "dark")}");
        }
    }
}
