using System.Globalization;
using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;
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
    [InlineData("UTC", "")]
    [InlineData("Asia/Kolkata", "")]
    [InlineData("America/New_York", "")]
    [InlineData("America/New_York", "&endpoint=chat.reply")]
    public async Task Pages_AnyZoneAndFilter_ShowTheTotalOfTheApi(string zone, string filter)
    {
        (await _client.PutAsync("/v1/settings", new StringContent($$"""{"timeZone":"{{zone}}"}""", System.Text.Encoding.UTF8, "application/json"))).IsSuccessStatusCode.Should().BeTrue();
        var total = (await _client.ReadAsync($"/v1/reports/spend?from=now-9d/d&to=now{filter.Replace("endpoint=", "endpointTag=")}"))["totals"];
        var expected = (Cost: total.GetProperty("costUsd").GetDecimal(), Requests: total.GetProperty("requests").GetInt64());
        T Of<T>() where T : notnull => _opsmeter.Services.GetRequiredService<T>();
        var period = Of<SpendPeriods>().Of(Store.WorkspaceId, SpendView.Parse($"?from=now-9d/d&to=now{filter}"));

        var shown = new Dictionary<string, (decimal Cost, long Requests)>();
        foreach (var by in Enum.GetValues<Dimension>())
        {
            var overview = await Of<Overviews>().ReadAsync(period, by);
            shown[$"Overview by {by}"] = (overview.Totals.Priced.Dollars, overview.Totals.Requests);
            shown[$"Overview's columns by {by}"] = (overview.Stack.Series.Sum(one => one.Dollars.Sum()), expected.Requests);
            var values = await Of<ValueBreakdowns>().ReadAsync(period, by);
            shown[$"Lines by {by}"] = (values.Lines.Sum(line => line.Sums.Priced.Dollars), values.Lines.Sum(line => line.Sums.Requests));
            shown[$"Columns by {by}"] = (values.Stack.Series.Sum(one => one.Dollars.Sum()), values.Totals.Requests);
            var csv = SpendExport.CsvOf(values, ValueOrder.Parse(null), null).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)[1..].Select(line => line.Split(',')).ToArray();
            shown[$"CSV by {by}"] = (csv.Sum(line => line[1] is { Length: > 0 } field ? decimal.Parse(field, CultureInfo.InvariantCulture) : 0), csv.Sum(line => long.Parse(line[5], CultureInfo.InvariantCulture)));
        }

        var detail = await Of<ValueDetails>().ReadAsync(period, Dimension.Model, [Dimension.Model, Dimension.TenantId]);
        shown["Detail"] = (detail.Totals.Priced.Dollars, detail.Totals.Requests);
        foreach (var part in detail.Parts)
        {
            shown[$"Detail by {part.Dimension}"] = (part.Lines.Sum(line => line.Sums.Priced.Dollars), part.Lines.Sum(line => line.Sums.Requests));
        }

        var models = await Of<ModelBreakdowns>().ReadAsync(period);
        shown["Models"] = (models.Lines.Sum(line => line.Sums.Priced.Dollars), models.Lines.Sum(line => line.Sums.Requests));
        var versions = await Of<PromptVersions>().ReadAsync(period);
        shown["Versions"] = (versions.Sum(one => one.Versions.Sum(version => version.Line.Sums.Priced.Dollars)), versions.Sum(one => one.Sums.Requests));
        var investigation = await Of<Investigations>().ReadAsync(period);
        shown["Investigate"] = (investigation!.Change.After.Dollars, expected.Requests);

        shown.Should().AllSatisfy(page => page.Value.Should().Be(expected, page.Key));
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
