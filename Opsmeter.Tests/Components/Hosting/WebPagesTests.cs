using System.Net;
using System.Text.RegularExpressions;
using AwesomeAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Components.Hosting;

public sealed partial class WebPagesTests : IAsyncLifetime
{
    private readonly TestOpsmeter _opsmeter = new();
    private WebApplicationFactory<Program> _withBroken = default!;

    public ValueTask InitializeAsync()
    {
        _withBroken = _opsmeter.WithWebHostBuilder(builder => builder
            .UseEnvironment(Environments.Production)
            .ConfigureServices(services => services.AddSingleton<IStartupFilter, TestBrokenRoute>()));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _withBroken.DisposeAsync();
        await _opsmeter.DisposeAsync();
    }

    [Fact]
    public async Task Page_ImportMap_CarriesTheNonceOfThePolicy()
    {
        var (answer, html) = await GetAsync("/not-found");

        var policy = answer.Headers.GetValues("Content-Security-Policy").Should().ContainSingle().Subject;
        var nonce = Nonce().Match(policy).Groups[1].Value;
        nonce.Should().NotBeEmpty();
        var map = ImportMap().Match(html);
        WebUtility.HtmlDecode(map.Groups[1].Value).Should().Be(nonce);
        policy.Should().Contain("frame-ancestors 'none'").And.NotContain("script-src 'self' 'unsafe-inline'");
    }

    [Fact]
    public async Task Page_AskedTwice_HasAnotherNonce()
    {
        var (first, _) = await GetAsync("/not-found");
        var (second, _) = await GetAsync("/not-found");

        Policy(first).Should().NotBe(Policy(second));
    }

    [Fact]
    public async Task Page_ThatDoesNotExist_SaysSoInThePagesLook()
    {
        var (answer, html) = await GetAsync("/no-such-page");

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        html.Should().Contain("There is no page here");
    }

    [Fact]
    public async Task Page_ThatFails_ShowsNoCauseAndKeepsTheHeaders()
    {
        var (answer, html) = await GetAsync("/broken");

        answer.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        html.Should().Contain("Something went wrong").And.NotContain("a secret of the server");
        Policy(answer).Should().Contain("default-src 'self'");
    }

    [Fact]
    public async Task Api_Missing_GetsNoPage()
    {
        var (answer, html) = await GetAsync("/v1/missing");

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType?.MediaType.Should().NotBe("text/html");
        html.Should().NotContain("There is no page here");
    }

    [Theory]
    [InlineData("light", "data-theme=\"light\" data-theme-choice=\"light\"")]
    [InlineData("system.light", "data-theme=\"light\" data-theme-choice=\"system\"")]
    [InlineData("\"><script>", "data-theme=\"dark\" data-theme-choice=\"system\"")]
    public async Task Page_ThemeCookie_IsDrawnAtOnce(string cookie, string attributes)
    {
        var (_, html) = await GetAsync("/not-found", cookie);

        html.Should().Contain(attributes);
    }

    private static string Policy(HttpResponseMessage answer) => answer.Headers.GetValues("Content-Security-Policy").Single();

    private async Task<(HttpResponseMessage Answer, string Html)> GetAsync(string path, string? theme = null)
    {
        using var client = _withBroken.CreateClient(new() { AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", "text/html");
        if (theme is not null)
        {
            request.Headers.TryAddWithoutValidation("Cookie", $"opsmeter-theme={theme}");
        }

        var answer = await client.SendAsync(request);
        return (answer, await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("<script type=\"importmap\" nonce=\"([^\"]+)\"")]
    private static partial Regex ImportMap();

    [GeneratedRegex("'nonce-([^']+)'")]
    private static partial Regex Nonce();

    // Goes behind everything else, so that what it throws passes all that guards the pages.
    private sealed class TestBrokenRoute : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            next(app);
            app.Map("/broken", broken => broken.Run(_ => throw new InvalidOperationException("a secret of the server")));
        };
    }
}
