using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

public sealed class ContainmentApiTests
{
    [Fact]
    public async Task Block_Tenant_RefusesItAloneAtOnceAndEndsByItself()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var created = await ContainAsync(client, """{"dimension":"tenantId","value":"tenant_a","action":"block","reason":"Runs away"}""");

        created.Status.Should().Be(201, created.Text);
        created["until"].GetDateTimeOffset().Should().Be(PolicyOpsmeter.Now.AddHours(1));
        var refused = await AskAsync(client, "tenant_a");
        (refused["action"].GetString(), refused["reason"].GetString()).Should().Be(("block", "contained"));
        refused["message"].GetString().Should().NotBeNullOrEmpty();
        refused["resetsAt"].GetDateTimeOffset().Should().Be(PolicyOpsmeter.Now.AddHours(1));
        (await AskAsync(client, "tenant_b"))["action"].GetString().Should().Be("allow");
        (await client.CountAsync(PolicyOpsmeter.Row("req_1", tenant: "tenant_a")))["decision"].GetProperty("reason").GetString().Should().Be("contained");
        opsmeter.Clock!.Advance(TimeSpan.FromHours(1));
        (await AskAsync(client, "tenant_a"))["action"].GetString().Should().Be("allow");
        (await client.ReadAsync("/v1/containments"))["items"].GetArrayLength().Should().Be(0);
        (await client.ReadAsync("/v1/containments?all=true"))["items"].GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Exempt_BlockedByBudget_IsLetThroughAndBlockBeatsIt()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 0.05), ("cap", "hard")));
        await client.CountAsync(PolicyOpsmeter.Row("req_1", tenant: "tenant_a"));
        (await AskAsync(client, "tenant_a"))["action"].GetString().Should().Be("block");

        await ContainAsync(client, """{"dimension":"tenantId","value":"tenant_a","action":"exempt","reason":"Demo today"}""");

        var let = await AskAsync(client, "tenant_a");
        (let["action"].GetString(), let["reason"].GetString()).Should().Be(("allow", "contained"));
        let["budgets"].GetArrayLength().Should().Be(1);
        await ContainAsync(client, """{"dimension":"endpointTag","value":"agents.plan","action":"degrade","reason":"Slow down"}""");
        (await AskAsync(client, "tenant_a"))["action"].GetString().Should().Be("degrade");
        await ContainAsync(client, """{"dimension":"model","value":"GPT-5-mini","action":"block","reason":"Stop"}""");
        (await AskAsync(client, "tenant_a"))["action"].GetString().Should().Be("block");
    }

    [Fact]
    public async Task Degrade_WithinEndpoint_HoldsThereAloneWithTheTiersMode()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/tiers", """{"pattern":"agents.*","tier":3,"owner":"lead@example.com","degradedMode":{"model":"gpt-5-nano","maxOutputTokens":200}}""");

        await ContainAsync(client, """{"dimension":"tenantId","value":"tenant_a","withinEndpoint":"agents.*","action":"degrade","reason":"Loops"}""");

        (await AskAsync(client, "tenant_a"))["degradedMode"].GetProperty("model").GetString().Should().Be("gpt-5-nano");
        (await AskAsync(client, "tenant_a", endpoint: "chat.reply"))["action"].GetString().Should().Be("allow");
    }

    [Fact]
    public async Task Delete_EndsItAndIsAudited()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        var created = await ContainAsync(client, """{"dimension":"tenantId","value":"tenant_a","action":"block","reason":"Runs away"}""");

        (await client.SendAsync(HttpMethod.Delete, created.Location!, null)).Status.Should().Be(204);

        (await AskAsync(client, "tenant_a"))["action"].GetString().Should().Be("allow");
        (await client.SendAsync(HttpMethod.Delete, created.Location!, null)).Status.Should().Be(404);
        (await client.ReadAsync("/v1/audit?action=containment"))["items"].GetArrayLength().Should().Be(2);
    }

    [Fact]
    public async Task Observe_Block_IsAllowedWithWouldBe()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.SendAsync(HttpMethod.Put, "/v1/settings", """{"observe":true}""");
        await ContainAsync(client, """{"dimension":"tenantId","value":"tenant_a","action":"block","reason":"Runs away"}""");

        var answer = await AskAsync(client, "tenant_a");

        (answer["action"].GetString(), answer["wouldBe"].GetString(), answer["reason"].GetString()).Should().Be(("allow", "block", "contained"));
    }

    [Fact]
    public async Task Restart_ItIsStillInForce()
    {
        using var folder = new TestFolder();
        await using (var first = new TestOpsmeter(folder.Path, PolicyOpsmeter.Now))
        {
            using var client = await first.ClientAsync();
            await ContainAsync(client, """{"dimension":"tenantId","value":"tenant_a","action":"block","reason":"Runs away"}""");
        }

        await using var again = new TestOpsmeter(folder.Path, PolicyOpsmeter.Now.AddMinutes(5));
        using var later = await again.ClientAsync();

        (await AskAsync(later, "tenant_a"))["reason"].GetString().Should().Be("contained");
    }

    [Theory]
    [InlineData("""{"dimension":"provider","value":"x","action":"block","reason":"r"}""", "dimension")]
    [InlineData("""{"dimension":"tenantId","action":"block","reason":"r"}""", "value")]
    [InlineData("""{"dimension":"tenantId","value":"x","reason":"r"}""", "action")]
    [InlineData("""{"dimension":"tenantId","value":"x","action":"block"}""", "reason")]
    [InlineData("""{"dimension":"tenantId","value":"x","action":"block","reason":"r","until":"2026-11-23T13:59:00Z"}""", "until")]
    [InlineData("""{"dimension":"tenantId","value":"x","action":"block","reason":"r","until":"2026-12-01T14:00:00Z"}""", "until")]
    public async Task Create_BadField_IsNamed(string body, string field)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var answer = await ContainAsync(client, body);

        answer.Status.Should().Be(400);
        answer["errors"].EnumerateObject().Select(error => error.Name).Should().Equal(field);
    }

    private static Task<JsonAnswer> ContainAsync(HttpClient client, string body) => client.PostAsync("/v1/containments", body);

    private static Task<JsonAnswer> AskAsync(HttpClient client, string tenant, string endpoint = "agents.plan") => client.PostAsync(
        "/v1/decisions", $$"""{"endpointTag":"{{endpoint}}","tenantId":"{{tenant}}","provider":"openai","model":"gpt-5-mini"}""");
}
