using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Identity;

public sealed class TransportTests : IAsyncLifetime
{
    private readonly TestOpsmeter _opsmeter = new TestOpsmeter().WithAdmin();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public async Task Cookies_OverHttps_AreOfThisHostAlone()
    {
        using var browser = _opsmeter.Browser("https", "opsmeter.example.com");
        var (status, set) = await CookiesAsync(browser);

        status.Should().Be(302);
        set.Should().NotBeEmpty().And.AllSatisfy(cookie => cookie.Should().StartWith("__Host-opsmeter").And.ContainEquivalentOf("; secure")
            .And.ContainEquivalentOf("path=/").And.NotContainEquivalentOf("domain=").And.ContainEquivalentOf("httponly"));
        (await browser.IsInAsync()).Should().BeTrue();
    }

    [Fact]
    public async Task Cookie_PlantedWithoutThePrefix_IsNotSeenOverHttps()
    {
        using var plain = _opsmeter.Browser();
        var (_, set) = await CookiesAsync(plain);
        using var browser = _opsmeter.CreateClient(new() { AllowAutoRedirect = false, HandleCookies = false, BaseAddress = new Uri("https://opsmeter.example.com/") });
        browser.DefaultRequestHeaders.Add("Cookie", set.Single(cookie => cookie.StartsWith("opsmeter=", StringComparison.Ordinal)).Split(';')[0]);

        (await browser.IsInAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task SignIn_OverPlainHttpFromElsewhere_SaysThatHttpsIsNeeded()
    {
        using var browser = _opsmeter.Browser("http", "opsmeter.example.com");
        var page = await new PageVisitor(browser).OpenAsync("/account/sign-in");

        page.Text.Should().Contain("https").And.Contain("Hosting__AllowHttp=true").And.NotContain("type=\"password\"");

        using var local = _opsmeter.Browser();
        var form = await local.GetStringAsync("/account/sign-in");
        var token = System.Text.RegularExpressions.Regex.Match(form, "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]*)\"").Groups[1].Value;
        using var content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in", ["__RequestVerificationToken"] = token, ["Input.Email"] = TestAccounts.AdminEmail, ["Input.Password"] = TestAccounts.Password,
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/account/sign-in") { Content = content, Headers = { Host = "opsmeter.example.com" } };
        using var answer = await local.SendAsync(request);
        answer.Headers.TryGetValues("Set-Cookie", out var cookies);
        (cookies ?? []).Should().NotContain(cookie => cookie.StartsWith("opsmeter=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignIn_OverPlainHttpThatTheOperatorAllows_WorksAndSaysSo()
    {
        _opsmeter.Settings["Hosting:AllowHttp"] = "true";
        using var browser = _opsmeter.Browser("http", "opsmeter.example.com");

        var (status, set) = await CookiesAsync(browser);

        (status, set.Any(cookie => cookie.StartsWith("__Host-", StringComparison.Ordinal))).Should().Be((302, false));
        (await new PageVisitor(browser).OpenAsync("/account")).Text.Should().Contain("Not encrypted");
    }

    [Theory]
    [InlineData("https", "opsmeter.example.com", true)]
    [InlineData("https", "localhost", false)]
    [InlineData("http", "localhost", false)]
    public async Task Https_IsAskedForAYearAheadWhereItIsUsed(string scheme, string host, bool expected)
    {
        using var browser = _opsmeter.Browser(scheme, host);
        using var answer = await browser.GetAsync("/account/sign-in");

        answer.Headers.Contains("Strict-Transport-Security").Should().Be(expected);
    }

    [Theory]
    [InlineData("https://evil.example", null, 403)]
    [InlineData("null", null, 403)]
    [InlineData(null, "cross-site", 403)]
    [InlineData("http://localhost", "same-origin", 400)]
    [InlineData("http://localhost:80", null, 400)]
    [InlineData(null, null, 400)]
    public async Task Post_FromAnotherSite_IsRefused(string? origin, string? site, int expected)
    {
        using var browser = _opsmeter.Browser();
        await browser.SignInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/account/sign-out");
        Add(request, "Origin", origin);
        Add(request, "Sec-Fetch-Site", site);

        using var answer = await browser.SendAsync(request);

        ((int)answer.StatusCode).Should().Be(expected, because: "without the form's token even this site's own is 400");
        (await browser.IsInAsync()).Should().BeTrue();
    }

    [Theory]
    [InlineData("/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("/hubs/live/negotiate?negotiateVersion=1")]
    public async Task Connection_FromAnotherSitesPage_IsRefused(string path)
    {
        using var browser = _opsmeter.Browser();
        await browser.SignInAsync();
        using var own = new HttpRequestMessage(HttpMethod.Post, path);
        Add(own, "Origin", "http://localhost");
        using var foreign = new HttpRequestMessage(HttpMethod.Post, path);
        Add(foreign, "Origin", "https://evil.example");

        using var allowed = await browser.SendAsync(own);
        using var refused = await browser.SendAsync(foreign);

        ((int)allowed.StatusCode, (int)refused.StatusCode).Should().Be((200, 403));
    }

    [Fact]
    public async Task ForwardedHeaders_WithoutATrustedProxy_AreIgnored()
    {
        using var browser = _opsmeter.Browser("http", "opsmeter.example.com");
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        browser.DefaultRequestHeaders.Add("X-Forwarded-Host", "localhost");
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "127.0.0.1");

        (await new PageVisitor(browser).OpenAsync("/account/sign-in")).Text.Should().Contain("Hosting__AllowHttp=true");
    }

    private static void Add(HttpRequestMessage request, string name, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static async Task<(int Status, string[] Set)> CookiesAsync(HttpClient browser)
    {
        var page = await browser.GetAsync("/account/sign-in");
        var token = System.Text.RegularExpressions.Regex.Match(await page.Content.ReadAsStringAsync(), "name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]*)\"").Groups[1].Value;
        using var content = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["_handler"] = "sign-in", ["__RequestVerificationToken"] = token, ["Input.Email"] = TestAccounts.AdminEmail, ["Input.Password"] = TestAccounts.Password,
        });
        using var answer = await browser.PostAsync("/account/sign-in", content);
        string[] set = [.. Of(page), .. Of(answer)];
        page.Dispose();
        return ((int)answer.StatusCode, set);

        static IEnumerable<string> Of(HttpResponseMessage answer) => answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [];
    }
}
