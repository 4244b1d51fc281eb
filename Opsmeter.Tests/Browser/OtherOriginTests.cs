using System.Net;
using System.Net.WebSockets;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Browser;

/// <summary>A page of another origin, opened by somebody who is signed in: it frames nothing, connects to nothing and changes nothing.</summary>
public sealed class OtherOriginTests(OtherOrigin given) : IClassFixture<OtherOrigin>
{
    // On this machine another port is the same site, so that cookies go along; another name is another site.
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Frame_OfAPage_IsRefused(string host)
    {
        await OpenOtherAsync(host);
        foreach (var path in new[] { "", "settings", "account/sign-in", "alerts/acknowledge?token=x", "health/live", "v1/public/pricing-models" })
        {
            var isShown = await given.Browser.Page.EvaluateAsync<bool>(
                """
                async (address) => {
                    const frame = document.createElement('iframe');
                    frame.src = address;
                    document.body.append(frame);
                    await new Promise((done) => frame.addEventListener('load', done));
                    // A frame that was refused is an error page of the browser, whose window has no frames and no answer.
                    return frame.contentWindow.length > 0;
                }
                """,
                new Uri(given.Opsmeter.Address, path).ToString());
            isShown.Should().BeFalse();
            var framed = given.Browser.Page.Frames.Single(frame => frame.ParentFrame is not null);
            (await framed.ContentAsync()).Should().NotContain("Opsmeter", path);
            framed.Url.Should().StartWith("chrome-error:", path);
            await given.Browser.Page.EvaluateAsync("document.querySelector('iframe').remove()");
        }
    }

    [Theory]
    [InlineData("127.0.0.1", "_blazor")]
    [InlineData("localhost", "_blazor")]
    [InlineData("127.0.0.1", "hubs/live")]
    [InlineData("localhost", "hubs/live")]
    public async Task WebSocket_OfAnotherOriginsPage_IsRefused(string host, string path)
    {
        await OpenOtherAsync(host);

        var opened = await given.Browser.Page.EvaluateAsync<string>(
            """
            (address) => new Promise((done) => {
                const socket = new WebSocket(address);
                socket.onopen = () => done('opened');
                socket.onerror = () => done('refused');
            })
            """,
            new UriBuilder(new Uri(given.Opsmeter.Address, path)) { Scheme = "ws" }.Uri.ToString());

        opened.Should().Be("refused");
    }

    [Theory]
    [InlineData("_blazor", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("hubs/live", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("hubs/live", null, HttpStatusCode.SwitchingProtocols)]
    public async Task WebSocket_ByItsOrigin_IsAnswered(string path, string? origin, HttpStatusCode expected)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.SetRequestHeader("X-API-Key", OpsmeterProcess.ApiKey);
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        try
        {
            await socket.ConnectAsync(new UriBuilder(new Uri(given.Opsmeter.Address, path)) { Scheme = "ws" }.Uri, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The status says why.
        }

        socket.HttpStatusCode.Should().Be(expected);
    }

    [Fact]
    public async Task Form_OfAnotherOriginsPage_ChangesNothing()
    {
        await OpenOtherAsync("localhost");
        await given.Browser.Page.SetContentAsync($"<form method=post action='{new Uri(given.Opsmeter.Address, "account/sign-out")}'><button>go</button></form>");
        await given.Browser.Page.RunAndWaitForResponseAsync(() => given.Browser.Page.Locator("button").ClickAsync(), answer => answer.Url.EndsWith("sign-out", StringComparison.Ordinal));

        var page = await given.Browser.Page.Context.NewPageAsync();
        await page.GotoAsync(new Uri(given.Opsmeter.Address, "endpoints").ToString());
        page.Url.Should().EndWith("/endpoints", "nobody was signed out");
    }

    private Task OpenOtherAsync(string host) =>
        given.Browser.Page.GotoAsync(new UriBuilder(given.Other.Url + "/page") { Host = host }.Uri.ToString());
}
