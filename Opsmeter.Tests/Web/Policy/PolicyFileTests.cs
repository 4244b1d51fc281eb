using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Policy;

/// <summary><c>--policy FILE</c>: in force before the first request, the same at every start, and no start with a wrong one.</summary>
public sealed class PolicyFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_WithAPolicy_PutsItInForceOnceAndKeepsIt()
    {
        var file = Write("policy.yaml", "tiers:\n  - pattern: agents.*\n    tier: 3\nbudgets:\n  - name: Everything\n    limitUsd: 10\n    window: {kind: month}\n    owner: lead@example.com\n    escalation: default\n");
        string first;
        await using (var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path, null, "--policy", file))
        {
            using var client = opsmeter.Client();
            (await client.ReadAsync("/v1/budgets"))["items"].EnumerateArray().Single().GetProperty("name").GetString().Should().Be("Everything");
            (await client.ReadAsync("/v1/audit"))["items"].EnumerateArray().Where(act => act.GetProperty("actor").GetString() == "policy file").Should().HaveCount(2);
            first = (await client.ReadAsync("/v1/policy")).Text;
            await opsmeter.StopAsync();
        }

        await using var again = await OpsmeterProcess.StartAsync(_folder.Path, null, "--policy", file);
        using var later = again.Client();
        (await later.ReadAsync("/v1/policy")).Text.Should().Be(first);
        (await later.ReadAsync("/v1/audit"))["items"].EnumerateArray().Where(act => act.GetProperty("actor").GetString() == "policy file").Should().HaveCount(2, "nothing had changed");
    }

    [Theory]
    [InlineData("budgets:\n  - name: Nobody's\n    limitUsd: 10\n    window: {kind: month}\n    owner: nobody@example.com\n    escalation: default\n", "budgets[0].owner")]
    [InlineData("budgets: [", "Line")]
    public async Task Start_WithAWrongPolicy_SaysWhyAndDoesNotStart(string yaml, string says)
    {
        var start = () => OpsmeterProcess.StartAsync(_folder.Path, null, "--policy", Write("wrong.yaml", yaml));

        (await start.Should().ThrowAsync<InvalidOperationException>()).Which.Message.Should().Contain("cannot be put in force").And.Contain(says);
    }

    [Fact]
    public async Task Start_WithoutTheFile_SaysSo()
    {
        var start = () => OpsmeterProcess.StartAsync(_folder.Path, null, "--policy", "missing.yaml");

        (await start.Should().ThrowAsync<InvalidOperationException>()).Which.Message.Should().Contain("missing.yaml cannot be read");
    }

    private string Write(string name, string text)
    {
        var path = System.IO.Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
