using System.Text;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Operating;

/// <summary>Its own traces, at a receiver that the standard variables name.</summary>
public sealed class TracesTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Traces_ToANamedReceiver_HaveRoutesAndCommits_AndNameNobody()
    {
        await using var receiver = await MessageSink.StartAsync();
        await using var opsmeter = await OpsmeterProcess.StartAsync(_folder.Path, new Dictionary<string, string>(OpsmeterProcess.UsualSettings)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.Url, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        });
        using var client = opsmeter.Client();
        (await client.PostAsync("/v1/ingest/llm-request", RowText.Of("req_traced", endpoint: "agents.plan", user: "user_1"))).Status.Should().Be(200);
        (await client.GetAsync("/v1/requests/req_traced?user=user_1")).Dispose();
        (await client.GetAsync("/v1/reports/spend?from=now-1d&groupBy=userId")).Dispose();
        (await client.GetAsync("/health/live")).Dispose();

        string[] wanted = ["/v1/ingest/llm-request", "/v1/requests/{", "/v1/reports/spend", "commit", "Opsmeter.Ledger", "Opsmeter.Reports", "service.version"];
        var sent = "";
        for (var tries = 0; tries < 100 && !wanted.All(text => sent.Contains(text, StringComparison.Ordinal)); tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
            sent = string.Concat(receiver.Received.Where(message => message.Path == "/v1/traces").Select(message => Encoding.Latin1.GetString(message.Body)));
        }

        sent.Should().ContainAll(wanted);
        foreach (var secret in new[] { "req_traced", "agents.plan", "user_1", OpsmeterProcess.ApiKey, "/health" })
        {
            sent.Should().NotContain(secret);
        }
    }
}
