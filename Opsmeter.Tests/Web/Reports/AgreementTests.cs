using System.Globalization;
using AwesomeAssertions;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

/// <summary>Whatever reads spend reads the same: reports by any interval or dimension, exports and budgets, in any zone.</summary>
public sealed class AgreementTests : IAsyncLifetime
{
    // Two days after New York's clocks went back.
    private static readonly DateTimeOffset Now = new(2026, 11, 3, 12, 0, 0, TimeSpan.Zero);
    private readonly TestOpsmeter _opsmeter = new(now: Now);
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _client = await _opsmeter.ClientAsync();
        await _opsmeter.AddMemberAsync("lead@example.com");
        var random = new Random(3);
        string[] endpoints = ["chat.reply", "agents.plan", "lab"];
        for (var batch = 0; batch < 4; batch++)
        {
            var rows = Enumerable.Range(0, 500).Select(i => RowText.Of(
                $"r{batch}-{i}", Now.AddSeconds(-random.Next(14 * 86_400)).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                endpoint: endpoints[random.Next(3)], model: random.Next(10) == 0 ? "nobody-knows-this" : "gpt-5-mini", input: random.Next(5_000),
                output: random.Next(900), environment: random.Next(8) == 0 ? "staging" : "prod", tenant: $"t{random.Next(20)}"));
            (await _client.PostAsync("/v1/ingest/llm-requests", $"[{string.Join(',', rows)}]"))["accepted"].GetInt32().Should().Be(500);
        }
    }

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Theory]
    [InlineData("UTC")]
    [InlineData("Asia/Kolkata")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("America/New_York")]
    public async Task Totals_AnyIntervalDimensionAndFormat_AreTheSameToTheNanoDollar(string zone)
    {
        var range = $"from=now-9d/d&to=now&timeZone={zone}";
        var total = (await _client.ReadAsync($"/v1/reports/spend?{range}"))["totals"];
        var (cost, requests) = (total.GetProperty("costUsd").GetDecimal(), total.GetProperty("requests").GetInt64());

        foreach (var by in new[] { "interval=hour", "interval=day", "interval=week", "groupBy=endpointTag", "groupBy=tenantId&interval=day", "groupBy=model,tenantId" })
        {
            var rows = (await _client.ReadAsync($"/v1/reports/spend?{range}&{by}"))["rows"].EnumerateArray().ToArray();
            rows.Sum(row => row.GetProperty("costUsd") is { ValueKind: System.Text.Json.JsonValueKind.Number } one ? one.GetDecimal() : 0).Should().Be(cost, by);
            rows.Sum(row => row.GetProperty("requests").GetInt64()).Should().Be(requests, by);
        }

        var change = await _client.ReadAsync($"/v1/reports/change?{range}");
        change["costUsd"].GetDecimal().Should().Be(cost);
        var lines = (await _client.GetStringAsync($"/v1/exports/requests?{range}")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var column = Array.IndexOf(lines[0].Split(','), "costUsd");
        lines[1..].Sum(line => line.Split(',')[column] is { Length: > 0 } field ? decimal.Parse(field, CultureInfo.InvariantCulture) : 0).Should().Be(cost);
        (lines.Length - 1).Should().Be((int)requests);
    }

    [Theory]
    [InlineData("UTC", "month", "now/M")]
    [InlineData("Asia/Kolkata", "day", "now/d")]
    [InlineData("America/New_York", "week", "now/w")]
    [InlineData("America/New_York", "month", "now/M")]
    public async Task Budget_OverTheWorkspace_HasTheSumOfTheReport(string zone, string window, string from)
    {
        var made = await _client.PostAsync("/v1/budgets", $$"""
            {"name":"all","limitUsd":1000,"window":{"kind":"{{window}}","timeZone":"{{zone}}"},"owner":"lead@example.com","escalation":"default"}
            """);
        made.Status.Should().Be(201, made.Text);

        var state = (await _client.ReadAsync("/v1/budgets/state"))["items"].EnumerateArray().Single();
        var total = (await _client.ReadAsync($"/v1/reports/spend?from={from}&to=now&timeZone={zone}"))["totals"];

        state.GetProperty("spentUsd").GetDecimal().Should().Be(total.GetProperty("costUsd").GetDecimal());
        state.GetProperty("requests").GetInt64().Should().Be(total.GetProperty("requests").GetInt64()).And.BePositive();
    }
}
