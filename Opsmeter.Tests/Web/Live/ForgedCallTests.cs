using AwesomeAssertions;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Live;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Opsmeter.Tests.Web.Live;

/// <summary>Messages that no page sends: too long, or calls that are made up. They are refused, most with the end of their connection; everybody else's goes on.</summary>
public sealed class ForgedCallTests : IAsyncLifetime
{
    private const string Marker = """{"batchId":1,"operations":[{"type":"add","ssrComponentId":1,"marker":{"type":"server","key":{"locationHash":"x","formattedComponentKey":""},"sequence":0,"descriptor":"forged","prerenderId":"x"}}]}""";

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly TestFolder _folder = new();
    private OpsmeterProcess _opsmeter = null!;

    public async ValueTask InitializeAsync() => _opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);

    public async ValueTask DisposeAsync()
    {
        await _opsmeter.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Pages_OnForgedMessages_RefuseThemAndGoOnForOthers()
    {
        await using var browser = await TestBrowser.OpenAsync(_opsmeter.Address);
        await browser.SignInAsync();
        await browser.GoAsync("settings/api-keys");
        var forged = new (string Name, Func<CircuitSocket, Task> Send)[]
        {
            ("a message over 32 KB", socket => socket.CallAsync("DispatchBrowserEvent", new string('a', 33 * 1024))),
            ("bytes that are no message", socket => socket.SendAsync([0x05, 0xff, 0xff, 0xff, 0xff, 0xff])),
            ("a length without an end", socket => socket.SendAsync([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])),
            ("an event before there is a page", socket => socket.CallAsync("BeginInvokeDotNetFromJS", "1", "System.Private.CoreLib", "Exit", 0L, "[]")),
            ("the end of a call that was not made", socket => socket.CallAsync("EndInvokeJSFromDotNet", 1L, null, "[1,true,null]")),
            ("a drawing that was not sent", socket => socket.CallAsync("OnRenderCompleted", 99L, null)),
            ("a page that is not below its base", socket => socket.CallAsync("StartCircuit", _opsmeter.Address.ToString(), "http://evil.example/", "[]", "")),
            ("a page with a made-up component", socket => StartAsync(socket, """[{"type":"server","sequence":0,"descriptor":"forged","prerenderId":"x"}]""")),
            ("a made-up component later", async socket =>
            {
                await StartAsync(socket, "[]");
                await socket.CallAsync("UpdateRootComponents", Marker, "");
            }),
            ("a component that is no JSON", async socket =>
            {
                await StartAsync(socket, "[]");
                await socket.CallAsync("UpdateRootComponents", "{{", "");
            }),
        };
        foreach (var (name, send) in forged)
        {
            await using var socket = await CircuitSocket.OpenAsync(_opsmeter.Address);
            await send(socket);

            (await socket.IsRefusedAsync(Soon)).Should().BeTrue(name + ": " + socket.Received);
            socket.Received.Should().NotContain("   at ", "what went wrong inside is nobody's business").And.NotContain("Exception");
        }

        // Whoever looks on has noticed nothing: the page still answers.
        await browser.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "New key" }).ClickAsync();
        await Expect(browser.Page.Locator(".mud-dialog")).ToBeVisibleAsync();
        browser.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task Pages_MadeUpCallsOfADotNetMethod_RunNothing()
    {
        foreach (var (assembly, method) in new[] { ("System.Private.CoreLib", "Exit"), ("Opsmeter.Web", "RunOpsmeterAsync"), ("Microsoft.AspNetCore.Components.Server", "Dispose"), ("", "") })
        {
            await using var socket = await CircuitSocket.OpenAsync(_opsmeter.Address);
            await StartAsync(socket, "[]");
            await socket.CallAsync("BeginInvokeDotNetFromJS", "1", assembly, method, 0L, "[]");
            await socket.CallAsync("NoSuchMethod", "x");

            await socket.IsRefusedAsync(TimeSpan.FromSeconds(2));
            socket.Received.Should().NotContain("   at ");
        }

        using var client = _opsmeter.Client();
        (await client.ReadAsync("/health/live")).Status.Should().Be(200);
    }

    [Fact]
    public async Task Feed_OnForgedMessages_RefusesThemAndTellsTheOthers()
    {
        await using var good = Feed();
        var ticks = new TaskCompletionSource<SpendTick>(TaskCreationOptions.RunContinuationsAsynchronously);
        good.On<SpendTick>(nameof(SpendTick), ticks.SetResult);
        await good.StartAsync();

        foreach (var name in new[] { nameof(SpendTick), nameof(AlertRaised), "OnConnectedAsync", "Dispose", "AddToGroupAsync", "GroupOf", "x\r\ny" })
        {
            await using var forger = Feed();
            await forger.StartAsync();
            var call = () => forger.InvokeAsync(name, "workspace:2");
            await call.Should().ThrowAsync<HubException>().WithMessage("*Method does not exist*", name);
        }

        await using (var flood = Feed())
        {
            var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            flood.Closed += _ =>
            {
                closed.SetResult();
                return Task.CompletedTask;
            };
            await flood.StartAsync();
            await flood.SendAsync("x", new string('a', 33 * 1024));
            await closed.Task.WaitAsync(Soon, TimeProvider.System);
        }

        using var client = _opsmeter.Client();
        (await client.PostAsync("/v1/ingest/llm-request", RowText.Of("a"))).Status.Should().Be(200);
        (await ticks.Task.WaitAsync(Soon, TimeProvider.System)).Requests.Should().Be(1);
        good.State.Should().Be(HubConnectionState.Connected);
    }

    private HubConnection Feed() =>
        new HubConnectionBuilder().WithUrl(new Uri(_opsmeter.Address, "hubs/live"), options => options.Headers["X-API-Key"] = OpsmeterProcess.ApiKey).Build();

    private Task StartAsync(CircuitSocket socket, string components) =>
        socket.CallAsync("StartCircuit", _opsmeter.Address.ToString(), _opsmeter.Address.ToString(), components, "");
}
