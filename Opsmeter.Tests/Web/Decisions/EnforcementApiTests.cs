using System.Text.Json;
using System.Text.Json.Nodes;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Policy;
using Xunit;

namespace Opsmeter.Tests.Web.Decisions;

/// <summary>How far callers ask first and do as they are told, in scripted runs. A request of gpt-5-mini costs 10 cents, of gpt-5-nano two.</summary>
public sealed class EnforcementApiTests
{
    private static (string, JsonNode?) Immediate => ("confirmation", JsonNode.Parse("""{"mode":"immediate"}"""));

    [Fact]
    public async Task Asked_ById_IsTheShareOfTheSpend()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter);
        foreach (var id in new[] { "a", "b", "c" })
        {
            await AskAsync(client, id);
            await client.CountAsync(PolicyOpsmeter.Row(id));
        }

        opsmeter.Clock!.Advance(TimeSpan.FromSeconds(6));
        await client.CountAsync(PolicyOpsmeter.Row("d"));

        (await StateAsync(client)).Should().Be((0.75m, null, 0m));
    }

    [Fact]
    public async Task Asked_WithoutId_HoldsForTheAnswersTime()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter);
        await AskAsync(client, null);
        opsmeter.Clock!.Advance(TimeSpan.FromSeconds(5));
        await client.CountAsync(PolicyOpsmeter.Row("within"));
        opsmeter.Clock.Advance(TimeSpan.FromSeconds(1));
        await client.CountAsync(PolicyOpsmeter.Row("late"));
        await AskAsync(client, null, "chat.reply");
        await client.CountAsync(PolicyOpsmeter.Row("other"));

        (await StateAsync(client)).Asked.Should().Be(0.3333m, "another endpoint's answer is not this one's");
    }

    [Fact]
    public async Task Obeyed_AfterBlock_IsTheShareThatNoRequestFollowed()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter, ("limitUsd", 0.05m), ("cap", "hard"), Immediate);
        await client.CountAsync(PolicyOpsmeter.Row("first"));
        for (var i = 0; i < 10; i++)
        {
            (await AskAsync(client, $"r{i}")).Should().Be("block");
        }

        await client.CountAsync(PolicyOpsmeter.Row("r3"));
        await client.CountAsync(PolicyOpsmeter.Row("r7"));

        (await StateAsync(client)).Should().Be((0.6667m, 0.8m, 0.2m));
    }

    [Fact]
    public async Task WhileBlocked_RequestThatWasAllowedBefore_IsNotBlamed()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter, ("limitUsd", 0.05m), ("cap", "hard"), Immediate);
        (await AskAsync(client, "on_its_way")).Should().Be("allow");
        await client.CountAsync(PolicyOpsmeter.Row("first"));
        (await AskAsync(client, "told")).Should().Be("block");

        await client.CountAsync(PolicyOpsmeter.Row("on_its_way"));

        (await StateAsync(client)).WhileBlocked.Should().Be(0m);
        await client.CountAsync(PolicyOpsmeter.Row("told"));
        opsmeter.Clock!.Advance(TimeSpan.FromSeconds(6));
        await client.CountAsync(PolicyOpsmeter.Row("did_not_ask"));
        (await StateAsync(client)).WhileBlocked.Should().Be(0.2m);
    }

    [Fact]
    public async Task Obeyed_AfterDegrade_IsTheModelAndTheMostOutput()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(
            opsmeter, ("limitUsd", 0.12m), ("cap", "degrade"), ("degradedMode", JsonNode.Parse("""{"model":"gpt-5-nano","maxOutputTokens":100}""")));
        await client.CountAsync(PolicyOpsmeter.Row("first"));
        foreach (var (id, model, output) in new[] { ("a", "gpt-5-nano", 100), ("b", "gpt-5-nano", 0), ("c", "gpt-5-mini", 0), ("d", "gpt-5-nano", 101), ("e", "gpt-5-nano", 1) })
        {
            (await AskAsync(client, id)).Should().Be("degrade");
            await client.CountAsync(PolicyOpsmeter.Body(PolicyOpsmeter.Row(id, model: model), ("outputTokens", output)));
        }

        (await StateAsync(client)).Obeyed.Should().Be(0.6m);
    }

    [Fact]
    public async Task Shares_PerTenant_AreEachTenantsOwn()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter, ("per", "tenantId"));
        await client.PostAsync("/v1/decisions", """{"endpointTag":"agents.plan","tenantId":"asks"}""");
        await client.CountAsync(PolicyOpsmeter.Row("a", tenant: "asks"));
        await client.CountAsync(PolicyOpsmeter.Row("b", tenant: "does_not"));

        var items = (await client.ReadAsync("/v1/budgets/state"))["items"].EnumerateArray()
            .ToDictionary(item => item.GetProperty("key").GetString()!, item => item.GetProperty("askedShare").GetDecimal());

        items.Should().BeEquivalentTo(new Dictionary<string, decimal> { ["asks"] = 1, ["does_not"] = 0 });
    }

    [Fact]
    public async Task Observe_TellsNothingSoNothingIsDisobeyed()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await WithBudgetAsync(opsmeter, ("limitUsd", 0.05m), ("cap", "hard"), Immediate);
        await client.SendAsync(HttpMethod.Put, "/v1/settings", """{"observe":true}""");
        await client.CountAsync(PolicyOpsmeter.Row("first"));
        await AskAsync(client, "second");
        await client.CountAsync(PolicyOpsmeter.Row("second"));

        (await StateAsync(client)).Should().Be((0.5m, null, 0m));
    }

    [Fact]
    public async Task Shares_Restart_AreKept()
    {
        using var folder = new TestFolder();
        await using (var first = new TestOpsmeter(folder.Path, PolicyOpsmeter.Now))
        {
            await first.AddMemberAsync(PolicyOpsmeter.Owner);
            using var client = await WithBudgetAsync(first, ("limitUsd", 0.05m), ("cap", "hard"), Immediate);
            await client.CountAsync(PolicyOpsmeter.Row("first"));
            await AskAsync(client, "second");
            await AskAsync(client, "third");
            await client.CountAsync(PolicyOpsmeter.Row("third"));
        }

        await using var again = new TestOpsmeter(folder.Path, PolicyOpsmeter.Now.AddMinutes(1));
        using var later = await again.ClientAsync();

        (await StateAsync(later)).Should().Be((0.5m, 0.5m, 0.1m));
    }

    private static async Task<HttpClient> WithBudgetAsync(TestOpsmeter opsmeter, params (string Name, JsonNode? Value)[] changes)
    {
        var client = await opsmeter.ClientAsync();
        var created = await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(changes));
        created.Status.Should().Be(201, created.Text);
        return client;
    }

    private static async Task<string?> AskAsync(HttpClient client, string? id, string endpoint = "agents.plan") => (await client.PostAsync(
        "/v1/decisions", JsonSerializer.Serialize(new { endpointTag = endpoint, externalRequestId = id, reserve = false })))["action"].GetString();

    private static async Task<(decimal? Asked, decimal? Obeyed, decimal? WhileBlocked)> StateAsync(HttpClient client)
    {
        var item = (await client.ReadAsync("/v1/budgets/state"))["items"].EnumerateArray().Single();
        return (Share("askedShare"), Share("obeyedShare"), Share("spentWhileBlockedUsd"));

        decimal? Share(string name) => item.GetProperty(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDecimal() : null;
    }
}
