using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Identity;
using Xunit;

namespace Opsmeter.Tests.Web.Identity;

public sealed class ProviderTests : IAsyncLifetime
{
    private const string Email = "viewer@example.com";
    private readonly TestOpsmeter _opsmeter = new TestOpsmeter().WithAdmin();
    private TestIssuer _issuer = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await TestIssuer.StartAsync();
        _opsmeter.Settings["Oidc:Authority"] = _issuer.Address.ToString();
        _opsmeter.Settings["Oidc:ClientId"] = TestIssuer.ClientId;
        _opsmeter.Settings["Oidc:ClientSecret"] = "secret";
        _opsmeter.Settings["Oidc:Name"] = "Example login";
    }

    public async ValueTask DisposeAsync()
    {
        await _opsmeter.DisposeAsync();
        await _issuer.DisposeAsync();
    }

    [Fact]
    public async Task Provider_KnowsAMemberByAVerifiedAddressAndThenByTheAccount()
    {
        await _opsmeter.EnrolAsync(Email, Role.Viewer);
        _issuer.Email = Email;
        using var browser = _opsmeter.Browser();

        (await new PageVisitor(browser).OpenAsync("/account/sign-in")).Text.Should().Contain("Continue with Example login");
        (await EnterAsync(browser, "/budgets")).Should().EndWith("/budgets");
        (await browser.IsInAsync()).Should().BeTrue();

        // The address at the provider may change; the account is the same.
        _issuer.Email = "renamed@example.com";
        using var later = _opsmeter.Browser();
        await EnterAsync(later);
        (await later.IsInAsync()).Should().BeTrue();
    }

    [Theory]
    [InlineData("stranger@example.com", true)]
    [InlineData(Email, false)]
    public async Task Provider_WhomThisOpsmeterDoesNotKnow_StaysOut(string email, bool verified)
    {
        await _opsmeter.EnrolAsync(Email, Role.Viewer);
        (_issuer.Email, _issuer.IsVerified) = (email, verified);
        using var browser = _opsmeter.Browser();

        (await EnterAsync(browser)).Should().Contain("refused");
        (await browser.IsInAsync()).Should().BeFalse();
        (await new PageVisitor(browser).OpenAsync("/account/sign-in?refused=1")).Text.Should().Contain("Ask an admin here for an invitation");
    }

    [Fact]
    public async Task Provider_AnswerThatNobodyAskedFor_StaysOut()
    {
        _issuer.Email = TestAccounts.AdminEmail;
        using var browser = _opsmeter.Browser();

        var answer = await new PageVisitor(browser).OpenAsync("/account/provider/callback?code=one&state=made-up");

        answer.Location.Should().Contain("refused");
        (await browser.IsInAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task Provider_WithoutOne_HasNoRoutes()
    {
        await using var opsmeter = new TestOpsmeter().WithAdmin();
        using var browser = opsmeter.Browser();

        (await new PageVisitor(browser).OpenAsync("/account/provider")).Status.Should().Be(404);
    }

    private static async Task<string?> EnterAsync(HttpClient browser, string returnUrl = "/")
    {
        var asked = await new PageVisitor(browser).OpenAsync("/account/provider?returnUrl=" + Uri.EscapeDataString(returnUrl));
        using var provider = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var answer = await provider.GetAsync(new Uri(asked.Location!));
        var back = await new PageVisitor(browser).OpenAsync(answer.Headers.Location!.PathAndQuery);
        return (await new PageVisitor(browser).OpenAsync(back.Location!)).Location;
    }
}
