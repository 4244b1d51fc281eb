using System.Net;
using System.Net.WebSockets;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Browser;

/// <summary>A page of another origin, opened by somebody who is signed in: it frames nothing, connects to nothing and changes nothing.</summary>
public sealed class OtherOriginTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private OpsmeterProcess _opsmeter = null!;
    private MessageSink _other = null!;
    private TestBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);
        _other = await MessageSink.StartAsync();
        _other.Answer("/page", context =>
        {
            context.Response.ContentType = "text/html";
            return context.Response.BodyWriter.WriteAsync("<!doctype html><title>other</title><body></body>"u8.ToArray()).AsTask();
        });
        _browser = await TestBrowser.OpenAsync(_opsmeter.Address);
        await _browser.SignInAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        await _other.DisposeAsync();
        await _opsmeter.DisposeAsync();
        _folder.Dispose();
    }

    // On this machine another port is the same site, so that cookies go along; another name is another site.
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task Frame_OfAPage_IsRefused(string host)
    {
        await OpenOtherAsync(host);
        foreach (var path in new[] { "", "settings", "account/sign-in", "alerts/acknowledge?token=x", "health/live", "v1/public/pricing-models" })
        {
            var isShown = await _browser.Page.EvaluateAsync<bool>(
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
                new Uri(_opsmeter.Address, path).ToString());
            isShown.Should().BeFalse();
            var framed = _browser.Page.Frames.Single(frame => frame.ParentFrame is not null);
            (await framed.ContentAsync()).Should().NotContain("Opsmeter", path);
            framed.Url.Should().StartWith("chrome-error:", path);
            await _browser.Page.EvaluateAsync("document.querySelector('iframe').remove()");
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

        var opened = await _browser.Page.EvaluateAsync<string>(
            """
            (address) => new Promise((done) => {
                const socket = new WebSocket(address);
                socket.onopen = () => done('opened');
                socket.onerror = () => done('refused');
            })
            """,
            new UriBuilder(new Uri(_opsmeter.Address, path)) { Scheme = "ws" }.Uri.ToString());

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
            await socket.ConnectAsync(new UriBuilder(new Uri(_opsmeter.Address, path)) { Scheme = "ws" }.Uri, CancellationToken.None);
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
        await _browser.Page.SetContentAsync($"<form method=post action='{new Uri(_opsmeter.Address, "account/sign-out")}'><button>go</button></form>");
        await _browser.Page.RunAndWaitForResponseAsync(() => _browser.Page.Locator("button").ClickAsync(), answer => answer.Url.EndsWith("sign-out", StringComparison.Ordinal));

        var page = await _browser.Page.Context.NewPageAsync();
        await page.GotoAsync(new Uri(_opsmeter.Address, "endpoints").ToString());
        page.Url.Should().EndWith("/endpoints", "nobody was signed out");
    }

    private Task OpenOtherAsync(string host) =>
        _browser.Page.GotoAsync(new UriBuilder(_other.Url + "/page") { Host = host }.Uri.ToString());
}
