using System.Text.RegularExpressions;
using AwesomeAssertions;
using Microsoft.Playwright;
using Opsmeter.Tests.Support;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Opsmeter.Tests.Browser;

/// <summary>Accounts as people use them: with a browser's own passkeys, on pages that stay open.</summary>
[Trait("Browser", "Chromium")]
public sealed class AccountBrowserTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private OpsmeterProcess _opsmeter = null!;
    private TestBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);
        _browser = await TestBrowser.OpenAsync(Named(_opsmeter.Address));
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _opsmeter.DisposeAsync();
        _folder.Dispose();
    }

    private IPage Page => _browser.Page;

    // A passkey belongs to a name, not to an address.
    private static Uri Named(Uri address) => new UriBuilder(address) { Host = "localhost" }.Uri;

    [Fact]
    public async Task Passkey_Added_SignsInWithoutAPassword()
    {
        var devices = await Page.Context.NewCDPSessionAsync(Page);
        await devices.SendAsync("WebAuthn.enable");
        await devices.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        await _browser.SignInAsync();
        await _browser.GoAsync("account");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Page.Locator("[data-passkey]").WaitForAsync();
        await SignOutAsync();

        await Page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await _browser.LiveAsync();
        await _browser.GoAsync("account");
        (await Page.Locator("[data-session]").First.InnerTextAsync()).Should().Contain("by passkey");

        // Removed, it opens nothing, though the device still has it.
        await Page.Locator("[data-passkey] button").ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Remove it" }).ClickAsync();
        await Page.GetByText("None yet.").WaitForAsync();
        await SignOutAsync();
        _browser.Errors.Should().BeEmpty();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Page.GetByText("This passkey is not known here.").WaitForAsync();
    }

    [Fact]
    public async Task Authenticator_SetUpOnThePage_IsAskedForAtTheNextSignIn()
    {
        await _browser.SignInAsync();
        await _browser.GoAsync("account");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Set up an authenticator" }).ClickAsync();
        var secret = await Page.Locator(".totp code").InnerTextAsync();
        await Page.GetByLabel("Code", new() { Exact = true }).FillAsync(TestTotp.CodeOf(secret, TimeProvider.System.GetUtcNow()));
        await Page.GetByRole(AriaRole.Button, new() { Name = "Turn it on" }).ClickAsync();
        await Page.GetByText("Keep these spare codes").WaitForAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "I have kept them" }).ClickAsync();
        await Page.GetByText("10 spare codes are left").WaitForAsync();
        await SignOutAsync();

        await Page.GetByLabel("E-mail").FillAsync(OpsmeterProcess.AdminEmail);
        await Page.GetByLabel("Password").FillAsync(OpsmeterProcess.AdminPassword);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Page.GetByLabel("Code", new() { Exact = true }).FillAsync(TestTotp.CodeOf(secret, TimeProvider.System.GetUtcNow().AddSeconds(30)));
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await _browser.LiveAsync();
        _browser.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Invitation_FromLinkToPage_LetsSomebodyInAsWhatItSays()
    {
        await _browser.SignInAsync();
        await _browser.GoAsync("settings/members");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Invite somebody" }).ClickAsync();
        await Page.GetByLabel("E-mail").FillAsync("viewer@example.com");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Make the link" }).ClickAsync();
        var link = await Page.Locator(".made-key code").InnerTextAsync();

        await using var another = await TestBrowser.OpenAsync(Named(_opsmeter.Address));
        await another.Page.GotoAsync(link);
        await another.Page.GetByLabel("Password, 12 characters or more").FillAsync(TestAccounts.OtherPassword);
        await another.Page.GetByLabel("Password again").FillAsync(TestAccounts.OtherPassword);
        await another.Page.GetByRole(AriaRole.Button, new() { Name = "Join and sign in" }).ClickAsync();
        await another.LiveAsync();

        await another.GoAsync("settings/members");
        (await another.Page.GetByRole(AriaRole.Button, new() { Name = "Invite somebody" }).CountAsync()).Should().Be(0);
        (await another.Page.Locator("nav[data-nav] a", new() { HasText = "Audit log" }).CountAsync()).Should().Be(0);
        another.Errors.Should().BeEmpty();
        _browser.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Role_TakenAwayWhileAPageIsOpen_RefusesTheNextAct()
    {
        var email = TestMembers.Add(Path.Combine(_folder.Path, "data"), "owner", "PolicyOwner");
        await using var another = await TestBrowser.OpenAsync(Named(_opsmeter.Address));
        await another.SignInAsync(email);
        await FillAsync(another, "Agents research");
        await another.Page.Locator("[data-save]").ClickAsync();
        await Expect(another.Page).Not.ToHaveURLAsync(new Regex("/new$"));
        await FillAsync(another, "Chat");

        await _browser.SignInAsync();
        await _browser.GoAsync("settings/members");
        await Page.Locator($"[data-member='{email}']").GetByRole(AriaRole.Button, new() { Name = "Role" }).ClickAsync();
        await Page.GetByRole(AriaRole.Combobox, new() { Name = "Role" }).SelectOptionAsync("0");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Page.GetByRole(AriaRole.Dialog).WaitForAsync(new() { State = WaitForSelectorState.Hidden });

        // At once, most often before the page notices by itself; a page that was faster has no button left.
        try
        {
            await another.Page.EvaluateAsync("() => document.querySelector('[data-save]')?.click()");
        }
        catch (PlaywrightException)
        {
            // The page was just leaving.
        }

        await another.Page.WaitForTimeoutAsync(1_000);
        var budgets = (await _opsmeter.Client().ReadAsync("/v1/budgets"))["items"];
        budgets.EnumerateArray().Select(budget => budget.GetProperty("name").GetString()).Should().Equal("Agents research");

        // And soon the page is that of a viewer.
        await another.Page.GotoAsync("settings/members");
        await another.LiveAsync();
        (await another.Page.Locator($"[data-member='{email}']").InnerTextAsync()).Should().Contain("viewer");
    }

    private static async Task FillAsync(TestBrowser browser, string name)
    {
        await browser.GoAsync("budgets/new");
        await browser.Page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await browser.Page.GetByLabel("USD", new() { Exact = true }).FillAsync("500");
        await browser.Page.GetByLabel("Window", new() { Exact = true }).SelectOptionAsync("1");
        await browser.Page.GetByLabel("Owner", new() { Exact = true }).SelectOptionAsync("0");
    }

    private async Task SignOutAsync()
    {
        await Page.Locator("summary[aria-label^='Account']").ClickAsync();
        await Page.Locator(".topbar-end").GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        // What comes next waits for the page's own fields: its load may be over before anyone waits for that.
        await Expect(Page).ToHaveURLAsync(new Regex("/account/sign-in"));
    }
}
