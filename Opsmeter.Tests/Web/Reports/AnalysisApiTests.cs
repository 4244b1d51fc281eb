using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Identity;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

public sealed class AnalysisApiTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly TestOpsmeter _opsmeter = new(now: Now);
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync() => _client = await _opsmeter.ClientAsync();

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public async Task Spikes_TwoHoursThatRanAway_AreOneSpikeWithItsDrivers()
    {
        var rows = Enumerable.Range(0, 12 * 24).Select(hour => Row($"h{hour}", Now.AddHours(hour - (12 * 24)), "chat.reply", 1_600_000)).ToList();
        rows.Add(Row("s1", Now.AddHours(-20), "agents.research", 16_000_000));
        rows.Add(Row("s2", Now.AddHours(-19), "agents.research", 16_000_000));
        await PostAsync(rows);

        var answer = await _client.ReadAsync("/v1/reports/spikes?from=now-7d&to=now");

        answer.Status.Should().Be(200, answer.Text);
        var spike = answer["spikes"].EnumerateArray().Should().ContainSingle().Subject;
        spike.GetProperty("start").GetDateTimeOffset().Should().Be(Now.AddHours(-20));
        spike.GetProperty("end").GetDateTimeOffset().Should().Be(Now.AddHours(-18));
        spike.GetProperty("costUsd").GetDecimal().Should().Be(17.6m / 2);
        spike.GetProperty("baselineUsd").GetDecimal().Should().Be(0.8m);
        var driver = spike.GetProperty("drivers").EnumerateArray().First(each => each.GetProperty("dimension").GetString() == "endpointTag");
        driver.GetProperty("value").GetString().Should().Be("agents.research");
        driver.GetProperty("changeUsd").GetDecimal().Should().Be(8m);
        driver.GetProperty("shareOfIncrease").GetDouble().Should().Be(1);
    }

    [Fact]
    public async Task Spikes_FilteredToAnotherEndpoint_SeeNothing()
    {
        await PostAsync([.. Enumerable.Range(0, 12 * 24).Select(hour => Row($"h{hour}", Now.AddHours(hour - (12 * 24)), "chat.reply", 1_600_000)),
            Row("s1", Now.AddHours(-20), "agents.research", 160_000_000)]);

        (await _client.ReadAsync("/v1/reports/spikes?from=now-7d&to=now&endpointTag=chat.reply"))["spikes"].GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task Change_OneEndpointGrewAndOneIsNew_PartsAddUpToTheChangeOfTheSpendReport()
    {
        await PostAsync(
        [
            Row("a", Now.AddHours(-30), "chat.reply", 1_000), Row("b", Now.AddHours(-30), "lab", 3_333), Row("c", Now.AddHours(-3), "chat.reply", 7_777),
            Row("d", Now.AddHours(-3), "chat.reply", 1_001), Row("e", Now.AddHours(-3), "agents.plan", 50_000), Row("f", Now.AddHours(-2), "lab", 17),
            Row("u", Now.AddHours(-2), "lab", 17, model: "nobody-knows-this"),
        ]);

        var change = await _client.ReadAsync("/v1/reports/change?from=now-1d&to=now&compare=previous");
        var spend = await _client.ReadAsync("/v1/reports/spend?from=now-1d&to=now&compare=previous");

        change.Status.Should().Be(200, change.Text);
        var parts = new[] { "volume", "mix", "tokensPerRequest", "unitPrice", "newcomers" }.Sum(part => change[part].GetDecimal());
        parts.Should().Be(change["changeUsd"].GetDecimal());
        change["newcomers"].GetDecimal().Should().Be(0.0125m);
        change["changeUsd"].GetDecimal().Should().Be(
            spend["totals"].GetProperty("costUsd").GetDecimal() - spend["previous"].GetProperty("costUsd").GetDecimal());
    }

    [Theory]
    [InlineData("/v1/reports/spikes?from=yesterday", "from")]
    [InlineData("/v1/reports/change?from=now&to=now-1d", "from")]
    [InlineData("/v1/reports/change?environment=moon", "environment")]
    [InlineData("/v1/reports/change?compare=never", "compare")]
    public async Task Report_BadQuestion_NamesTheField(string path, string field)
    {
        var answer = await _client.ReadAsync(path);

        answer.Status.Should().Be(400);
        answer["errors"].TryGetProperty(field, out _).Should().BeTrue(answer.Text);
    }

    [Theory]
    [InlineData("/v1/reports/spikes")]
    [InlineData("/v1/reports/change")]
    public async Task Report_KeyWithoutRead_Is403(string path)
    {
        using var other = await _opsmeter.ClientAsync(KeyScopes.Ingest);

        (await other.ReadAsync(path)).Status.Should().Be(403);
    }

    private static string Row(string id, DateTimeOffset at, string endpoint, int input, string model = "gpt-5-mini") =>
        RowText.Of(id, at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture), endpoint: endpoint, input: input, output: 0, model: model);

    private async Task PostAsync(IReadOnlyList<string> rows)
    {
        var answer = await _client.PostAsync("/v1/ingest/llm-requests", $"[{string.Join(',', rows)}]");
        answer["accepted"].GetInt32().Should().Be(rows.Count, answer.Text);
    }
}
