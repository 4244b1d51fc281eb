using AwesomeAssertions;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.EntityFrameworkCore;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Web.Identity;

public sealed class SignInTests : IAsyncLifetime
{
    private const string Email = "lead@example.com";
    private const string Password = "three quiet orange trains";
    private readonly TestOpsmeter _opsmeter = new();

    public ValueTask InitializeAsync()
    {
        _opsmeter.Settings["Setup:AdminEmail"] = Email;
        _opsmeter.Settings["Setup:AdminPassword"] = Password;
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/versions")]
    [InlineData("/requests")]
    [InlineData("/budgets")]
    [InlineData("/budgets/new")]
    [InlineData("/tiers")]
    [InlineData("/quickstart")]
    [InlineData("/settings/api-keys")]
    public async Task Page_SomeoneNotSignedIn_IsSentToSignInAndBack(string path)
    {
        var visitor = Visitor();

        var (status, location, _) = await visitor.OpenAsync(path);
        status.Should().Be(302);
        new Uri(new Uri("http://localhost"), location).PathAndQuery.Should()
            .StartWith("/account/sign-in?returnUrl=").And.EndWith(Uri.EscapeDataString(path));

        var entered = await visitor.SubmitAsync("/account/sign-in?returnUrl=" + Uri.EscapeDataString(path), SignIn(Password));
        entered.Status.Should().Be(302, entered.Text);
        new Uri(new Uri("http://localhost"), entered.Location).AbsolutePath.Should().Be(path);
        (await visitor.OpenAsync(path)).Status.Should().Be(200);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/\t/evil.example")]
    public async Task SignIn_ReturnUrlElsewhere_IsNotFollowed(string returnUrl)
    {
        var entered = await Visitor().SubmitAsync("/account/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl), SignIn(Password));

        entered.Status.Should().Be(302);
        new Uri(new Uri("http://localhost"), entered.Location).Should().Be(new Uri("http://localhost/"));
    }

    [Fact]
    public async Task SignIn_WrongPasswordOrUnknownAddress_SaysTheSame()
    {
        var wrong = await Visitor().SubmitAsync("/account/sign-in", SignIn("not the password at all"));
        var unknown = await Visitor().SubmitAsync("/account/sign-in", ("Input.Email", "nobody@example.com"), ("Input.Password", Password));

        wrong.Status.Should().Be(200);
        Said(wrong.Text).Should().NotBeEmpty().And.Be(Said(unknown.Text));
    }

    [Fact]
    public async Task SignIn_TenWrongPasswords_LockTheAccountAndAreAudited()
    {
        for (var i = 0; i < 10; i++)
        {
            (await Visitor().SubmitAsync("/account/sign-in", SignIn("not the password at all"))).Status.Should().Be(200);
        }

        var right = await Visitor().SubmitAsync("/account/sign-in", SignIn(Password));

        right.Status.Should().Be(200);
        Said(right.Text).Should().NotBeEmpty();
        (await _opsmeter.AuditAsync("member.sign-in-failed")).Should().HaveCount(11);
    }

    [Fact]
    public async Task SignIn_WithoutTheFormsToken_IsRefused()
    {
        using var client = Client();
        using var content = new FormUrlEncodedContent(
            new Dictionary<string, string> { ["_handler"] = "sign-in", ["Input.Email"] = Email, ["Input.Password"] = Password });

        using var answer = await client.PostAsync("/account/sign-in", content);

        ((int)answer.StatusCode).Should().Be(400);
        answer.Headers.Contains("Set-Cookie").Should().BeFalse();
    }

    [Fact]
    public async Task Cookie_OfASignedInAdmin_OpensNoApiRoute()
    {
        using var client = Client();
        await new PageVisitor(client).SubmitAsync("/account/sign-in", SignIn(Password));

        (await client.ReadAsync("/v1/budgets")).Status.Should().Be(401);
        (await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget())).Status.Should().Be(401);
    }

    [Fact]
    public async Task SignOut_EndsTheSession()
    {
        using var client = Client();
        var visitor = new PageVisitor(client);
        await visitor.SubmitAsync("/account/sign-in", SignIn(Password));
        var (_, _, page) = await visitor.OpenAsync("/");
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]*)\"").Groups[1].Value;

        using var content = new FormUrlEncodedContent(new Dictionary<string, string> { ["__RequestVerificationToken"] = token });
        using var left = await client.PostAsync("/account/sign-out", content);

        ((int)left.StatusCode).Should().Be(302);
        (await visitor.OpenAsync("/")).Status.Should().Be(302);
    }

    [Fact]
    public async Task Cookie_IsOutOfReachOfScriptsAndOtherSites()
    {
        using var client = Client();
        using var answer = await SignInAsync(client);

        var cookie = answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("opsmeter", StringComparison.Ordinal));
        cookie.Should().ContainEquivalentOf("httponly").And.ContainEquivalentOf("samesite=");
        (await _opsmeter.LedgerAsync(db => db.Users.SingleAsync())).PasswordHash.Should().NotContain(Password);
    }

    private static (string, string)[] SignIn(string password) => [("Input.Email", Email), ("Input.Password", password)];

    private static string Said(string page) =>
        System.Text.RegularExpressions.Regex.Match(page, "class=\"field-error\"[^>]*>([^<]*)<").Groups[1].Value;

    private static async Task<HttpResponseMessage> SignInAsync(HttpClient client)
    {
        var page = await client.GetStringAsync("/account/sign-in");
        var token = System.Text.RegularExpressions.Regex.Match(page, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]*)\"").Groups[1].Value;
        using var content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in", ["__RequestVerificationToken"] = token, ["Input.Email"] = Email, ["Input.Password"] = Password,
        });
        return await client.PostAsync("/account/sign-in", content);
    }

    private HttpClient Client() => _opsmeter.CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false });

    private PageVisitor Visitor() => new(Client());
}
