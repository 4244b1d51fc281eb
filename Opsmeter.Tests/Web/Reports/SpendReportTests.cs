using System.Globalization;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Identity;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

public sealed class SpendReportTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly TestOpsmeter _opsmeter = new(now: Now);
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync() => _client = await _opsmeter.ClientAsync();

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public async Task Spend_GroupedByEndpoint_SumsWhatWasPosted()
    {
        await PostAsync(
            RowText.Of("a", "2026-11-23T10:07:00Z"),
            RowText.Of("b", "2026-11-23T11:59:59Z", endpoint: "agents.plan", input: 4000, status: "error"),
            RowText.Of("c", "2026-11-23T11:30:00Z", environment: "staging"),
            RowText.Of("d", "2026-11-23T11:30:00Z", dataMode: "demo"),
            RowText.Of("e", "2026-11-23T11:30:00Z", model: "nobody-knows-this", provider: "acme", endpoint: "lab"));

        var answer = await _client.ReadAsync("/v1/reports/spend?from=now-1d&to=now&groupBy=endpointTag");

        answer.Status.Should().Be(200, answer.Text);
        var rows = answer["rows"].EnumerateArray().ToArray();
        rows.Select(row => row.GetProperty("endpointTag").GetString()).Should().Equal("agents.plan", "chat.reply", "lab");
        rows[0].GetProperty("costUsd").GetDecimal().Should().Be(0.002m);
        rows[0].GetProperty("errors").GetInt64().Should().Be(1);
        rows[1].GetProperty("costUsd").GetDecimal().Should().Be(0.00125m);
        rows[2].GetProperty("costUsd").ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
        rows[2].GetProperty("unpriced").GetInt64().Should().Be(1);
        answer["totals"].GetProperty("requests").GetInt64().Should().Be(3);
        answer["totals"].GetProperty("costUsd").GetDecimal().Should().Be(0.00325m);
        answer["totals"].GetProperty("p95LatencyMs").GetInt32().Should().Be(100);
    }

    [Theory]
    [InlineData("groupBy=endpointTag,model")]
    [InlineData("groupBy=endpointTag&groupBy=model")]
    public async Task Spend_GroupedByTwo_HasARowForEachPairAndTheSameTotals(string groupBy)
    {
        await PostAsync(
            RowText.Of("a", "2026-11-23T10:07:00Z"), RowText.Of("b", "2026-11-23T10:08:00Z"), RowText.Of("c", "2026-11-23T11:00:00Z", model: "gpt-5"),
            RowText.Of("d", "2026-11-23T11:30:00Z", endpoint: "lab"));

        var answer = await _client.ReadAsync($"/v1/reports/spend?from=now-1d&to=now&{groupBy}");
        var alone = await _client.ReadAsync("/v1/reports/spend?from=now-1d&to=now");

        answer.Status.Should().Be(200, answer.Text);
        answer["rows"].EnumerateArray().Select(row =>
                $"{row.GetProperty("endpointTag").GetString()} {row.GetProperty("model").GetString()} {row.GetProperty("requests").GetInt64()}")
            .Should().Equal("chat.reply gpt-5 1", "chat.reply gpt-5-mini 2", "lab gpt-5-mini 1");
        answer["totals"].GetRawText().Should().Be(alone["totals"].GetRawText());
    }

    [Theory]
    [InlineData("2026-11-23T10:07:00Z", "2026-11-23T10:08:00Z", 1)]
    [InlineData("2026-11-23T10:07:00.001Z", "2026-11-23T10:08:00Z", 0)]
    [InlineData("2026-11-23T10:00:00Z", "2026-11-23T10:07:00Z", 0)]
    [InlineData("2026-11-23T09:59:00Z", "2026-11-23T10:07:00.0000001Z", 1)]
    [InlineData("2026-11-23T10:00:00Z", "2026-11-23T10:30:00Z", 2)]
    [InlineData("2026-11-23T10:07:00Z", "2026-11-23T11:07:00Z", 3)]
    [InlineData("2026-11-23T10:06:59Z", "2026-11-23T11:07:01Z", 4)]
    public async Task Spend_EdgeInsideAQuarterHour_CountsExactInstants(string from, string to, int requests)
    {
        await PostAsync(
            RowText.Of("a", "2026-11-23T10:07:00Z"),
            RowText.Of("b", "2026-11-23T10:29:59.999Z"),
            RowText.Of("c", "2026-11-23T10:45:00Z"),
            RowText.Of("d", "2026-11-23T11:07:00Z"));

        var answer = await _client.ReadAsync($"/v1/reports/spend?from={from}&to={to}");

        answer["totals"].GetProperty("requests").GetInt32().Should().Be(requests);
    }

    [Fact]
    public async Task Spend_DaysInKathmandu_StartAtTheirMidnight()
    {
        await PostAsync(RowText.Of("a", "2026-11-22T18:14:59Z"), RowText.Of("b", "2026-11-22T18:15:00Z"));

        var answer = await _client.ReadAsync(
            "/v1/reports/spend?from=2026-11-21T00:00:00Z&interval=day&timeZone=Asia/Kathmandu");

        answer["rows"].EnumerateArray().Select(row => row.GetProperty("bucket").GetString())
            .Should().Equal("2026-11-22T00:00:00+05:45", "2026-11-23T00:00:00+05:45");
    }

    [Fact]
    public async Task Spend_FilteredByAnotherDimension_AgreesWithTheRows()
    {
        await PostAsync(
            RowText.Of("a", "2026-11-23T10:00:00Z", user: "u1"),
            RowText.Of("b", "2026-11-23T10:00:00Z", user: "u2"),
            RowText.Of("c", "2026-11-23T10:00:00Z", user: "u1", endpoint: "agents.plan"));

        var byEndpoint = await _client.ReadAsync("/v1/reports/spend?groupBy=endpointTag&userId=u1");
        var unknown = await _client.ReadAsync("/v1/reports/spend?userId=nobody");

        byEndpoint["rows"].GetArrayLength().Should().Be(2);
        byEndpoint["totals"].GetProperty("requests").GetInt32().Should().Be(2);
        unknown["totals"].GetProperty("requests").GetInt32().Should().Be(0);
    }

    [Fact]
    public async Task Spend_ComparedWithThePeriodBefore_GivesItsTotals()
    {
        await PostAsync(RowText.Of("a", "2026-11-22T11:00:00Z"), RowText.Of("b", "2026-11-23T11:00:00Z"), RowText.Of("c", "2026-11-23T11:30:00Z"));

        var answer = await _client.ReadAsync("/v1/reports/spend?from=now-1d&to=now&compare=previous");

        answer["totals"].GetProperty("requests").GetInt32().Should().Be(2);
        answer["previous"].GetProperty("requests").GetInt32().Should().Be(1);
    }

    [Theory]
    [InlineData("groupBy=colour", "groupBy")]
    [InlineData("interval=fortnight", "interval")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=now-7x", "from")]
    [InlineData("from=now&to=now-1d", "from")]
    [InlineData("timeZone=Mars/Olympus", "timeZone")]
    [InlineData("environment=moon", "environment")]
    [InlineData("format=xlsx", "format")]
    [InlineData("groupBy=model,model", "groupBy")]
    [InlineData("groupBy=model,userId,tenantId", "groupBy")]
    [InlineData("groupBy=model,moon", "groupBy")]
    [InlineData("from=now-3650d&interval=hour", "interval")]
    public async Task Spend_BadParameter_IsNamed(string query, string field)
    {
        var answer = await _client.ReadAsync("/v1/reports/spend?" + query);

        answer.Status.Should().Be(400, answer.Text);
        answer["errors"].TryGetProperty(field, out _).Should().BeTrue(answer.Text);
    }

    [Fact]
    public async Task Spend_WithoutScopeRead_IsRefused()
    {
        using var sender = await _opsmeter.ClientAsync(KeyScopes.Ingest | KeyScopes.Decide);

        (await sender.ReadAsync("/v1/reports/spend")).Status.Should().Be(403);
    }

    [Fact]
    public async Task PricingModels_WithTheirETag_AnswerNotModified()
    {
        using var stranger = _opsmeter.CreateClient();
        var first = await stranger.ReadAsync("/v1/public/pricing-models");
        stranger.DefaultRequestHeaders.TryAddWithoutValidation("If-None-Match", first.ETag);
        var second = await stranger.ReadAsync("/v1/public/pricing-models");

        first.Status.Should().Be(200);
        first["models"].EnumerateArray().Should().Contain(model => model.GetProperty("model").GetString() == "gpt-5-mini");
        second.Status.Should().Be(304);
    }

    [Theory]
    [InlineData("/v1/diagnostics/workspace-status")]
    [InlineData("/v1/settings/workspace-status")]
    public async Task WorkspaceStatus_NoBudget_IsNormalWithNullPeriods(string path)
    {
        await PostAsync(RowText.Of("a", "2026-11-23T10:00:00Z"));

        var answer = await _client.ReadAsync(path);

        answer.Status.Should().Be(200, answer.Text);
        answer["severity"].GetString().Should().Be("normal");
        answer["plan"].GetProperty("currentRequestCount").GetInt64().Should().Be(1);
        answer["plan"].GetProperty("periodEnd").GetString().Should().Be("2026-11-30T23:59:59+00:00");
        answer["budget"].GetProperty("daily").ValueKind.Should().Be(System.Text.Json.JsonValueKind.Null);
    }

    [Theory]
    [InlineData("now", "2026-11-23T12:00:00Z")]
    [InlineData("now-90m", "2026-11-23T10:30:00Z")]
    [InlineData("now/d", "2026-11-22T23:00:00Z")]
    [InlineData("now-1d/d", "2026-11-21T23:00:00Z")]
    [InlineData("now/w", "2026-11-22T23:00:00Z")]
    [InlineData("now/M", "2026-10-31T23:00:00Z")]
    [InlineData("2026-11-01T00:00:00+02:00", "2026-10-31T22:00:00Z")]
    public void TimeExpression_InBerlin_IsAnInstant(string text, string instant)
    {
        var wrong = TimeExpression.TryParse(text, Now, "Europe/Berlin", DayOfWeek.Monday, out var read);

        wrong.Should().BeNull();
        read.Should().Be(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));
    }

    private async Task PostAsync(params string[] rows)
    {
        var answer = await _client.PostAsync("/v1/ingest/llm-requests", $"[{string.Join(',', rows)}]");
        answer["accepted"].GetInt32().Should().Be(rows.Length, answer.Text);
    }
}
