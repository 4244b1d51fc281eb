using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;

namespace Opsmeter.Tests.Web.Alerts;

/// <summary>What tests of messages share: a server that may send to the loopback, and a receiver.</summary>
internal static class MessageOpsmeter
{
    /// <summary>A server with two members whose clock stands still, which may send to this machine.</summary>
    public static async Task<TestOpsmeter> StartAsync(params (string Name, string Value)[] settings)
    {
        var opsmeter = new TestOpsmeter(now: PolicyOpsmeter.Now);
        opsmeter.Settings["Alerts:AllowedAddresses"] = "127.0.0.0/8, ::1";
        opsmeter.Settings["Alerts:PublicUrl"] = "https://opsmeter.example.com/base";
        foreach (var (name, value) in settings)
        {
            opsmeter.Settings[name] = value;
        }

        await opsmeter.AddMemberAsync(PolicyOpsmeter.Owner);
        await opsmeter.AddMemberAsync(PolicyOpsmeter.Backup);
        return opsmeter;
    }

    /// <summary>Makes a channel; its id.</summary>
    public static async Task<JsonElement> ChannelAsync(this HttpClient client, string name, string kind, string url, string? secret = null)
    {
        var answer = await client.PostAsync("/v1/channels", new JsonObject { ["name"] = name, ["kind"] = kind, ["url"] = url, ["secret"] = secret }.ToJsonString());
        return answer.Status == 201 ? answer.Body : throw new InvalidOperationException(answer.Text);
    }

    /// <summary>Says who is told when, in the escalation that budgets have by default.</summary>
    public static async Task EscalateAsync(this HttpClient client, (int After, string Notify)[] steps, params (int After, string Notify)[] fast)
    {
        static JsonArray Steps((int After, string Notify)[] steps) =>
            [.. steps.Select(step => (JsonNode)new JsonObject { ["afterMinutes"] = step.After, ["notify"] = step.Notify })];
        var answer = await client.SendAsync(
            HttpMethod.Put, "/v1/escalations/esc_default", new JsonObject { ["name"] = "default", ["steps"] = Steps(steps), ["fastSteps"] = Steps(fast) }.ToJsonString());
        if (answer.Status != 200)
        {
            throw new InvalidOperationException(answer.Text);
        }
    }

    /// <summary>Sends requests of ten cents each.</summary>
    public static async Task SpendAsync(this HttpClient client, int requests, string endpoint = "agents.plan", string? tenant = null)
    {
        for (var i = 0; i < requests; i++)
        {
            await client.CountAsync(PolicyOpsmeter.Row(Guid.NewGuid().ToString(), endpoint, tenant: tenant));
        }
    }

    /// <summary>Sends one request that costs so many times ten cents.</summary>
    public static Task SpendAtOnceAsync(this HttpClient client, int times, string endpoint = "agents.plan", string? tenant = null)
    {
        var row = JsonNode.Parse(PolicyOpsmeter.Row(Guid.NewGuid().ToString(), endpoint, tenant: tenant))!;
        row["inputTokens"] = 400_000 * times;
        return client.CountAsync(row.ToJsonString());
    }

    /// <summary>Lets time go by in steps of a second, so that each timer fires when it should.</summary>
    public static async Task PassAsync(this FakeTimeProvider clock, TimeSpan time, TimeSpan? step = null)
    {
        var by = step ?? TimeSpan.FromSeconds(30);
        for (var passed = TimeSpan.Zero; passed < time; passed += by)
        {
            clock.Advance(by);
            await Task.Delay(TimeSpan.FromMilliseconds(30), TimeProvider.System);
        }
    }
}
