using System.Text.Json;
using AwesomeAssertions;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
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

    [Fact]
    public async Task Alerts_RaisedAndAcknowledged_ReachAReader()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
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
        var (raised, known) = (new TaskCompletionSource<JsonElement>(), new TaskCompletionSource<JsonElement>());
        hub.On<JsonElement>(nameof(AlertRaised), raised.SetResult);
        hub.On<JsonElement>(nameof(AlertAcknowledged), known.SetResult);
        await hub.StartAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 1)));

        for (var i = 0; i < 9; i++)
        {
            await client.CountAsync(PolicyOpsmeter.Row($"r{i}"));
        }

        var alert = await WaitAsync(raised.Task, opsmeter);
        (alert.GetProperty("name").GetString(), alert.GetProperty("kind").GetString()).Should().Be(("Agents research", "degraded"));
        (await client.PostAsync($"/v1/alerts/{alert.GetProperty("id").GetString()}/acknowledge", "{}")).Status.Should().Be(204);
        (await WaitAsync(known.Task, opsmeter)).GetProperty("id").GetString().Should().Be(alert.GetProperty("id").GetString());
    }

    private static async Task<JsonElement> WaitAsync(Task<JsonElement> told, TestOpsmeter opsmeter)
    {
        for (var i = 0; i < 100 && !told.IsCompleted; i++)
        {
            opsmeter.Clock!.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return await told.WaitAsync(TimeSpan.FromSeconds(1), TimeProvider.System);
    }
}
