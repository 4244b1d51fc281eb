using System.Net;
using AwesomeAssertions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Identity;

public sealed class ProxyTests
{
    [Theory]
    [InlineData("10.1.2.3", "https", true)]
    [InlineData("::ffff:10.1.2.3", "https", true)]
    [InlineData("10.1.2.3", "http", false)]
    [InlineData("192.0.2.1", "https", false)]
    public async Task ForwardedHeaders_AreBelievedOfTheNamedProxyAlone(string from, string scheme, bool isSafe)
    {
        await using var opsmeter = new TestOpsmeter
        {
            Settings = { ["Hosting:TrustedProxies"] = "10.0.0.0/8" },
            Doubles = services => services.AddSingleton<IStartupFilter>(new From(IPAddress.Parse(from))),
        }.WithAdmin();
        using var browser = opsmeter.Browser("http", "opsmeter.example.com");
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        browser.DefaultRequestHeaders.Add("X-Forwarded-For", "198.51.100.7");

        using var page = await browser.GetAsync("/account/sign-in");
        var text = await page.Content.ReadAsStringAsync();

        text.Contains("type=\"password\"", StringComparison.Ordinal).Should().Be(isSafe);
        page.Headers.Contains("Strict-Transport-Security").Should().Be(isSafe);
    }

    /// <summary>Requests come from an address.</summary>
    private sealed class From(IPAddress address) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                context.Connection.RemoteIpAddress = address;
                return rest(context);
            });
            next(app);
        };
    }
}
