using AwesomeAssertions;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Identity;
using Xunit;

namespace Opsmeter.Tests.Web.Ingest;

public sealed class IngestApiTests
{
    private const string Path = "/v1/ingest/llm-request";

    private const string Documented = """
        {"externalRequestId":"req_01HZXB6MQZ2WQ9D2KCF9M4V2QY","provider":"openai","model":"gpt-5-mini","endpointTag":"billing.guardrail_check","promptVersion":"budget_v1","userId":"tenant_acme_hash","inputTokens":240,"outputTokens":80,"latencyMs":892,"status":"success","dataMode":"real","environment":"prod"}
        """;

    [Fact]
    public async Task TakeOne_DocumentedPayload_IsPricedAndCountedOnce()
    {
        await using var opsmeter = new TestOpsmeter();
        using var client = await opsmeter.ClientAsync();

        var first = await client.PostAsync(Path, Documented);
        var again = await client.PostAsync(Path, Documented);

        first.Status.Should().Be(200, first.Text);
        first["priced"].GetBoolean().Should().BeTrue();
        first["costUsd"].GetDecimal().Should().Be(0.00022m);
        first["duplicate"].GetBoolean().Should().BeFalse();
        first["decision"].GetProperty("action").GetString().Should().Be("allow");
        first["decision"].GetProperty("reason").GetString().Should().Be("no_budget");
        first["planTier"].GetString().Should().Be("self-hosted");
        again["duplicate"].GetBoolean().Should().BeTrue();
        again["costUsd"].GetDecimal().Should().Be(0.00022m);
    }

    [Fact]
    public async Task TakeOne_KeyPinsStaging_RefusesProdAndFillsWhatIsAbsent()
    {
        await using var opsmeter = new TestOpsmeter();
        using var client = await opsmeter.ClientAsync(KeyScopes.Ingest, DeploymentEnvironment.Staging);

        (await client.PostAsync(Path, Documented)).Status.Should().Be(403);
        (await client.PostAsync(Path, Documented.Replace(",\"environment\":\"prod\"", "", StringComparison.Ordinal))).Status.Should().Be(200);
    }

    [Fact]
    public async Task TakeOne_SameIdOtherContent_IsKeptAsConflict()
    {
        await using var opsmeter = new TestOpsmeter();
        using var client = await opsmeter.ClientAsync();

        await client.PostAsync(Path, Documented);
        var other = await client.PostAsync(Path, Documented.Replace("240", "241", StringComparison.Ordinal));

        other.Status.Should().Be(200);
        other["duplicate"].GetBoolean().Should().BeFalse();
        other["warnings"].EnumerateArray().Select(code => code.GetString()).Should().Contain("conflicting_id");
    }

    [Fact]
    public async Task TakeBatch_OneBadRow_KeepsTheOthers()
    {
        await using var opsmeter = new TestOpsmeter();
        using var client = await opsmeter.ClientAsync();
        var bad = Documented.Replace("240", "-1", StringComparison.Ordinal);

        var answer = await client.PostAsync("/v1/ingest/llm-requests", $"[{Documented},{bad},{Documented}]");

        answer.Status.Should().Be(200, answer.Text);
        answer["accepted"].GetInt32().Should().Be(1);
        answer["duplicates"].GetInt32().Should().Be(1);
        var rejected = answer["rejected"].EnumerateArray().Single();
        rejected.GetProperty("index").GetInt32().Should().Be(1);
        rejected.GetProperty("errors").TryGetProperty("inputTokens", out _).Should().BeTrue();
    }

    [Theory]
    [InlineData("", 400)]
    [InlineData("[]", 400)]
    [InlineData("nonsense", 400)]
    [InlineData("{}", 400)]
    public async Task TakeOne_MalformedBody_IsAProblem(string body, int status)
    {
        await using var opsmeter = new TestOpsmeter();
        using var client = await opsmeter.ClientAsync();

        (await client.PostAsync(Path, body)).Status.Should().Be(status);
    }

    [Fact]
    public async Task TakeOne_WithoutKeyOrScope_IsRefused()
    {
        await using var opsmeter = new TestOpsmeter();
        using var reader = await opsmeter.ClientAsync(KeyScopes.Read);

        (await opsmeter.CreateClient().PostAsync(Path, Documented)).Status.Should().Be(401);
        (await reader.PostAsync(Path, Documented)).Status.Should().Be(403);
    }
}
