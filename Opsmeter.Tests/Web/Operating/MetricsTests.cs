using System.Net;
using System.Text.RegularExpressions;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Operating;

public sealed partial class MetricsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Metrics_OnThisMachine_CountWhatWasRecordedAndNameNobody()
    {
        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path);
        using var client = opsmeter.Client();
        for (var number = 0; number < 3; number++)
        {
            (await client.PostAsync("/v1/ingest/llm-request", RowText.Of($"req_{number}", endpoint: "agents.plan", user: "user_1"))).Status.Should().Be(200);
        }

        using var anyone = opsmeter.Client(null);
        var text = await anyone.GetStringAsync("/metrics");

        text.Should().Contain("\nopsmeter_rows_recorded_total 3\n").And.Contain("\nopsmeter_ledger_faults 0\n");
        text.Should().NotContain("agents.plan").And.NotContain("user_1");
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Line().IsMatch(line).Should().BeTrue(line);
        }

        using var forwarded = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { { "X-Forwarded-For", "203.0.113.7" } } };
        (await anyone.SendAsync(forwarded)).StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [GeneratedRegex(@"^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+ -?[0-9.E+-]+)$")]
    private static partial Regex Line();
}
