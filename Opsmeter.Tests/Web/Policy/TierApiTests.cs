using System.Text.Json;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

public sealed class TierApiTests
{
    private const string Path = "/v1/tiers";

    private const string Documented = """
        {"pattern": "agents.*", "tier": 3, "owner": "LEAD@example.com",
         "degradedMode": {"model": "gpt-5-mini", "maxOutputTokens": 512, "allowedTools": []}, "notes": "Easy to abuse.\nNot public."}
        """;

    [Fact]
    public async Task Create_DocumentedBody_IsAnsweredReadAndListed()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var created = await client.PostAsync(Path, Documented);
        await client.PostAsync(Path, """{"pattern":"a","tier":1}""");

        created.Status.Should().Be(201, created.Text);
        var id = created["id"].GetString();
        created.Location.Should().Be($"/v1/tiers/{id}");
        created.ETag.Should().Be("\"1\"");
        created.Text.Should().Be($$"""
            {"id":"{{id}}","pattern":"agents.*","tier":3,"owner":"lead@example.com","degradedMode":{"model":"gpt-5-mini","maxOutputTokens":512,"maxInputTokens":null,"disableTools":false,"allowedTools":[]},"blockMessage":null,"notes":"Easy to abuse.\nNot public."}
            """);
        (await client.ReadAsync(created.Location!)).Text.Should().Be(created.Text);
        (await client.ReadAsync(Path))["items"].EnumerateArray().Select(item => item.GetProperty("pattern").GetString())
            .Should().Equal("a", "agents.*");
    }

    [Theory]
    [InlineData("""{"tier":3}""", "pattern")]
    [InlineData("""{"pattern":"a*b","tier":3}""", "pattern")]
    [InlineData("""{"pattern":"a"}""", "tier")]
    [InlineData("""{"pattern":"a","tier":4}""", "tier")]
    [InlineData("""{"pattern":"a","tier":"3"}""", "tier")]
    [InlineData("""{"pattern":"a","tier":3,"owner":"nobody@example.com"}""", "owner")]
    [InlineData("""{"pattern":"a","tier":3,"degradedMode":{"maxOutputTokens":0}}""", "degradedMode.maxOutputTokens")]
    [InlineData("""{"pattern":"a","tier":3,"blockMessage":"Wait for $1"}""", "blockMessage")]
    [InlineData("""{"pattern":"a","tier":3,"notes":{}}""", "notes")]
    public async Task Create_OneFieldWrong_NamesIt(string body, string field)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var answer = await client.PostAsync(Path, body);

        answer.Status.Should().Be(400, answer.Text);
        answer["errors"].EnumerateObject().Select(error => error.Name).Should().Equal(field);
    }

    [Fact]
    public async Task Change_ConcurrencyConflictsAndAudit()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var created = await client.PostAsync(Path, Documented);
        var other = await client.PostAsync(Path, """{"pattern":"chat.reply","tier":1}""");

        (await client.PostAsync(Path, Documented)).Status.Should().Be(409);
        var taken = await client.SendAsync(HttpMethod.Put, other.Location!, Documented);
        taken.Status.Should().Be(409);
        taken["errors"].TryGetProperty("pattern", out _).Should().BeTrue();
        (await client.SendAsync(HttpMethod.Put, created.Location!, """{"pattern":"agents.*","tier":2}""", "\"2\"")).Status.Should().Be(412);
        var replaced = await client.SendAsync(HttpMethod.Put, created.Location!, """{"pattern":"agents.*","tier":2}""", "\"1\"");
        replaced.ETag.Should().Be("\"2\"");
        (await client.SendAsync(HttpMethod.Delete, created.Location!, null, "\"1\"")).Status.Should().Be(412);
        (await client.SendAsync(HttpMethod.Delete, created.Location!, null, "\"2\"")).Status.Should().Be(204);
        (await client.SendAsync(HttpMethod.Delete, created.Location!, null)).Status.Should().Be(404);

        var rows = (await opsmeter.AuditAsync("tier.")).Where(row => row.Target == created["id"].GetString()).ToArray();
        rows.Select(row => row.Action).Should().Equal("tier.create", "tier.replace", "tier.delete");
        rows.Select(row => row.Before).Should().Equal(null, created.Text, replaced.Text);
        rows.Select(row => row.After).Should().Equal(created.Text, replaced.Text, null);
    }

    [Fact]
    public async Task Change_TierOfAnEndpoint_TheNextDecisionFollows()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 0.01)));
        await client.CountAsync(PolicyOpsmeter.Row("req_1"));
        (await Decide()).Should().Be("degrade tier2_exceeded_confirmed ");

        var created = await client.PostAsync(Path, Documented);
        (await Decide()).Should().Be("block tier3_exceeded_confirmed ");
        await client.SendAsync(HttpMethod.Put, created.Location!, """{"pattern":"agents.*","tier":1,"degradedMode":{"maxOutputTokens":64}}""");
        (await Decide()).Should().Be("degrade tier1_exceeded_confirmed 64");
        await client.SendAsync(HttpMethod.Put, created.Location!, """{"pattern":"agents.*","tier":1,"degradedMode":{"maxOutputTokens":32}}""");
        (await Decide()).Should().Be("degrade tier1_exceeded_confirmed 32");
        await client.SendAsync(HttpMethod.Delete, created.Location!, null);
        (await Decide()).Should().Be("degrade tier2_exceeded_confirmed ");

        async Task<string> Decide()
        {
            var answer = await client.PostAsync("/v1/decisions", """{"endpointTag":"agents.plan"}""");
            var most = answer["degradedMode"] is { ValueKind: JsonValueKind.Object } mode ? mode.GetProperty("maxOutputTokens").ToString() : "";
            return $"{answer["action"].GetString()} {answer["reason"].GetString()} {most}";
        }
    }

    [Fact]
    public async Task Change_TierOfAnUnpricedModelsEndpoint_CountsItAtTheCeilingPrice()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.SendAsync(HttpMethod.Put, "/v1/settings", """{"ceilingPrice":{"inputPerMillion":50,"outputPerMillion":0}}""");
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget());
        await client.CountAsync(PolicyOpsmeter.Row("req_1", model: "a-model-nobody-sells"));
        (await client.SpentAsync()).Should().Be(0);

        var created = await client.PostAsync(Path, Documented);
        (await client.SpentAsync()).Should().Be(20);
        await client.SendAsync(HttpMethod.Delete, created.Location!, null);

        (await client.SpentAsync()).Should().Be(0);
    }
}
