using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

public sealed class SettingsApiTests
{
    private const string Path = "/v1/settings";

    private const string Whole = """
        {"timeZone":"Asia/Kolkata","weekStartsOn":"sunday","defaultTier":3,"observe":true,"ceilingPrice":{"inputPerMillion":12.5,"outputPerMillion":60},"tenantFrom":"userId"}
        """;

    [Fact]
    public async Task Replace_WholeBody_IsReadBackAuditedAndVersioned()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var first = await client.ReadAsync(Path);
        var replaced = await client.SendAsync(HttpMethod.Put, Path, Whole, first.ETag);
        var stale = await client.SendAsync(HttpMethod.Put, Path, Whole, first.ETag);

        first.Text.Should().Be(
            """{"timeZone":"UTC","weekStartsOn":"monday","defaultTier":2,"observe":false,"ceilingPrice":null,"tenantFrom":"tenantId"}""");
        replaced.Status.Should().Be(200, replaced.Text);
        replaced.Text.Should().Be(Whole);
        replaced.ETag.Should().Be("\"2\"");
        stale.Status.Should().Be(412);
        (await client.ReadAsync(Path)).Text.Should().Be(Whole);
        var row = (await opsmeter.AuditAsync("settings.")).Should().ContainSingle().Subject;
        (row.Action, row.Before, row.After).Should().Be(("settings.replace", first.Text, Whole));
    }

    [Fact]
    public async Task Replace_OneMember_KeepsTheOthers()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.SendAsync(HttpMethod.Put, Path, Whole);

        var observing = await client.SendAsync(HttpMethod.Put, Path, """{"observe":false}""");
        var estimated = await client.SendAsync(HttpMethod.Put, Path, """{"ceilingPrice":null}""");

        observing.Text.Should().Be(Whole.Replace("true", "false", StringComparison.Ordinal));
        estimated.Text.Should().Contain("\"ceilingPrice\":null").And.Contain("\"timeZone\":\"Asia/Kolkata\"");
    }

    [Theory]
    [InlineData("""{"timeZone":"Mars/Olympus"}""", "timeZone")]
    [InlineData("""{"timeZone":1}""", "timeZone")]
    [InlineData("""{"weekStartsOn":"someday"}""", "weekStartsOn")]
    [InlineData("""{"defaultTier":0}""", "defaultTier")]
    [InlineData("""{"observe":"on"}""", "observe")]
    [InlineData("""{"ceilingPrice":5}""", "ceilingPrice")]
    [InlineData("""{"ceilingPrice":{"inputPerMillion":5}}""", "ceilingPrice.outputPerMillion")]
    [InlineData("""{"ceilingPrice":{"inputPerMillion":-5,"outputPerMillion":1}}""", "ceilingPrice.inputPerMillion")]
    [InlineData("""{"tenantFrom":"metadata"}""", "tenantFrom")]
    public async Task Replace_OneFieldWrong_NamesIt(string body, string field)
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();

        var answer = await client.SendAsync(HttpMethod.Put, Path, body);

        answer.Status.Should().Be(400, answer.Text);
        answer["errors"].EnumerateObject().Select(error => error.Name).Should().Equal(field);
    }

    [Fact]
    public async Task Replace_Observe_TheNextDecisionAllows()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("limitUsd", 0.01), ("cap", "hard")));
        await client.CountAsync(PolicyOpsmeter.Row("req_1"));

        var enforced = await client.PostAsync("/v1/decisions", """{"endpointTag":"agents.plan"}""");
        await client.SendAsync(HttpMethod.Put, Path, """{"observe":true}""");
        var observed = await client.PostAsync("/v1/decisions", """{"endpointTag":"agents.plan"}""");

        enforced["action"].GetString().Should().Be("block");
        observed["action"].GetString().Should().Be("allow");
        observed["wouldBe"].GetString().Should().Be("block");
        observed["mode"].GetString().Should().Be("observe");
    }

    [Fact]
    public async Task Replace_TenantFrom_CountsTheRunningWindowAnew()
    {
        await using var opsmeter = await PolicyOpsmeter.StartAsync();
        using var client = await opsmeter.ClientAsync();
        await client.PostAsync("/v1/budgets", PolicyOpsmeter.Budget(("per", "tenantId")));
        await client.CountAsync(PolicyOpsmeter.Body(PolicyOpsmeter.Row("req_1", tenant: "acme"), ("userId", "u_1")));
        (await Keys()).Should().Equal("acme");

        await client.SendAsync(HttpMethod.Put, Path, """{"tenantFrom":"userId"}""");

        (await Keys()).Should().Equal("u_1");

        async Task<IEnumerable<string?>> Keys()
        {
            var keys = new List<string?>();
            foreach (var (tenant, user) in new[] { ("acme", "x"), ("x", "u_1") })
            {
                var answer = await client.PostAsync(
                    "/v1/decisions", $$"""{"endpointTag":"agents.plan","tenantId":"{{tenant}}","userId":"{{user}}"}""");
                keys.AddRange(answer["budgets"].EnumerateArray().Where(budget => budget.GetProperty("spentUsd").GetDecimal() > 0)
                    .Select(budget => budget.GetProperty("key").GetString()));
            }

            return keys;
        }
    }
}
