using AwesomeAssertions;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Identity;
using Opsmeter.Web.Live;
using Xunit;

namespace Opsmeter.Tests.Web.Live;

public sealed class LiveHubTests
{
    [Fact]
    public async Task Connect_WithoutKeyOrScope_IsRefused()
    {
        await using var opsmeter = new TestOpsmeter();
        using var stranger = opsmeter.CreateClient();
        using var sender = await opsmeter.ClientAsync(KeyScopes.Ingest);

        (await stranger.PostAsync("/hubs/live/negotiate?negotiateVersion=1", "")).Status.Should().Be(401);
        (await sender.PostAsync("/hubs/live/negotiate?negotiateVersion=1", "")).Status.Should().Be(403);
    }

    [Fact]
    public async Task SpendTick_RequestPosted_ReachesAReader()
    {
        await using var opsmeter = new TestOpsmeter();
        using var client = await opsmeter.ClientAsync();
        var key = client.DefaultRequestHeaders.GetValues("X-API-Key").Single();
        await using var hub = new HubConnectionBuilder()
            .WithUrl("http://localhost/hubs/live", options =>
            {
                options.HttpMessageHandlerFactory = _ => opsmeter.Server.CreateHandler();
                options.Transports = HttpTransportType.LongPolling;
                options.Headers["X-API-Key"] = key;
            })
            .Build();
        var ticks = new TaskCompletionSource<SpendTick>();
        hub.On<SpendTick>(nameof(SpendTick), ticks.SetResult);
        await hub.StartAsync();

        await client.PostAsync("/v1/ingest/llm-request", RowText.Of("staging", environment: "staging"));
        await client.PostAsync("/v1/ingest/llm-request", RowText.Of("a"));

        var tick = await ticks.Task.WaitAsync(TimeSpan.FromSeconds(10));
        tick.Requests.Should().Be(1);
        tick.CostUsd.Should().Be(0.00125m);
    }
}
