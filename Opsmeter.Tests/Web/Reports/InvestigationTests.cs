using System.Globalization;
using AwesomeAssertions;
using Microsoft.Extensions.DependencyInjection;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

public sealed class InvestigationTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 30, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Hour = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly TestOpsmeter _opsmeter = new(now: Now);
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync() => _client = await _opsmeter.ClientAsync();

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public async Task Investigation_OfAView_PartsMoversAndNewcomersAgreeToTheNanoDollar()
    {
        await PostAsync(
        [
            Row("a", Hour.AddHours(-30), "chat.reply", 1_000, tenant: "acme"), Row("b", Hour.AddHours(-30), "lab", 3_333, tenant: "initech"),
            Row("c", Hour.AddHours(-3), "chat.reply", 7_777, tenant: "acme"), Row("d", Hour.AddHours(-3), "agents.plan", 50_000, tenant: "globex"),
            Row("e", Hour.AddHours(-2), "lab", 17), Row("u", Hour.AddHours(-2), "lab", 17, model: "nobody-knows-this"),
        ]);

        var found = (await ReadAsync("?from=now-24h"))!;

        var change = found.Change;
        (change.Volume + change.Mix + change.TokensPerRequest + change.UnitPrice + change.Newcomers).Should().Be(change.Change);
        found.Newcomers.Should().ContainSingle().Which.Should().Be(new Newcomer("agents.plan", "gpt-5-mini", 1, change.Newcomers));
        foreach (var dimension in found.Dimensions)
        {
            dimension.Movers.Aggregate(dimension.OthersAfter - dimension.OthersBefore, (sum, line) => sum + line.Mover.Change)
                .Should().Be(change.Change, dimension.Dimension.ToString());
        }

        found.Unpriced.Should().Be(1);
        found.Of(Dimension.Model)!.Movers.Single(line => line.Mover.Value == "nobody-knows-this").Change.Should().BeNull();
        found.Of(Dimension.EndpointTag)!.Movers[0].Mover.Should().Match<Opsmeter.Core.Analysis.Mover>(mover => mover.Value == "agents.plan" && mover.IsNew);
        found.Of(Dimension.UserId).Should().BeNull("no request has a user");
    }

    [Fact]
    public async Task Investigation_ComparedWithNothing_IsNone() => (await ReadAsync("?compare=none")).Should().BeNull();

    [Fact]
    public async Task Timeline_SpikeAndDeploy_AreFoundWithWhatDroveThem()
    {
        var rows = Enumerable.Range(0, 12 * 24).Select(hour => Row($"h{hour}", Hour.AddHours(hour - (12 * 24)), "chat.reply", 1_600_000)).ToList();
        rows.Add(Row("first", Hour.AddDays(-5), "agents.research", 100, version: "v13"));
        rows.Add(Row("new", Hour.AddDays(-4), "labs.only", 100, version: "v1"));
        rows.AddRange(Enumerable.Range(0, 2).Select(i => Row($"s{i}", Hour.AddHours(i - 20), "agents.research", 16_000_000, version: "v14")));
        await PostAsync(rows);

        var period = Period("");
        var timeline = await _opsmeter.Services.GetRequiredService<SpendTimelines>().ReadAsync(period);

        timeline.Spikes.Should().ContainSingle().Which.Window.Should().Be(new TimeWindow(Hour.AddHours(-20), Hour.AddHours(-18)));
        timeline.Deploys.Should().Equal(new Deploy("agents.research", "v14", Hour.AddHours(-20)));
        var driver = timeline.Drivers.First(each => each.Dimension == Dimension.PromptVersion);
        (driver.Driver.Value, driver.Driver.Change, driver.FirstSeen).Should().Be(("v14", Usd.FromDollars(8), (DateTimeOffset?)Hour.AddHours(-20)));
        driver.Trend.Should().HaveCount(period.Range.Starts.Count);
        driver.Trend.Sum().Should().Be(8m);
    }

    [Fact]
    public async Task Timeline_ReadAgain_IsKeptForHalfAMinuteAndThenReadAnew()
    {
        var timelines = _opsmeter.Services.GetRequiredService<SpendTimelines>();
        var first = await timelines.ReadAsync(Period(""));

        (await timelines.ReadAsync(Period(""))).Should().BeSameAs(first);
        timelines.Recent(Period("")).Should().BeSameAs(first);
        (await timelines.ReadAsync(Period("?endpoint=lab"))).Should().NotBeSameAs(first);

        _opsmeter.Clock!.Advance(TimeSpan.FromSeconds(30));
        timelines.Recent(Period("")).Should().BeNull();
        (await timelines.ReadAsync(Period(""))).Should().NotBeSameAs(first);
    }

    [Fact]
    public async Task Overview_Compared_HasWholeColumnsBeforeAndSumsUpToTheSameMoment()
    {
        await PostAsync([Row("a", Hour.AddHours(-24).AddMinutes(10), "lab", 1_000), Row("b", Hour.AddHours(-24).AddMinutes(50), "lab", 3_000)]);

        var overview = await _opsmeter.Services.GetRequiredService<Overviews>().ReadAsync(Period("?from=now-24h"), Dimension.EndpointTag);

        overview.Stack.Previous!.Sum().Should().Be(0.001m);
        overview.Stack.Previous![^1].Should().Be(0.001m, "the line of the running column is that of the whole hour");
        overview.Before!.Value.Priced.Dollars.Should().Be(0.00025m, "it is half past");
        (await _opsmeter.Services.GetRequiredService<Overviews>().ReadAsync(Period("?compare=none"), Dimension.EndpointTag)).Stack.Previous.Should().BeNull();
    }

    [Fact]
    public async Task Month_WithABudgetOverAll_IsHeldAgainstItAndAFilterLiftsIt()
    {
        await _opsmeter.AddMemberAsync("lead@example.com");
        await PostAsync([.. Enumerable.Range(0, 24 * 22).Select(hour => Row($"h{hour}", Hour.AddHours(hour - (24 * 22)), "chat.reply", 4_000_000))]);
        foreach (var (name, limit, more) in new[] { ("all", 1_000, ""), ("tight", 800, ""), ("part", 5, ",\"conditions\":[{\"dimension\":\"endpointTag\",\"values\":[\"chat.*\"]}]") })
        {
            (await _client.PostAsync("/v1/budgets", $$"""
                {"name":"{{name}}","limitUsd":{{limit}},"window":{"kind":"month","timeZone":"UTC"},"owner":"lead@example.com","escalation":"default"{{more}}}
                """)).Status.Should().Be(201);
        }

        var forecasts = _opsmeter.Services.GetRequiredService<MonthForecasts>();
        var month = await forecasts.ReadAsync(Period(""));

        month.Limit!.Name.Should().Be("tight");
        var spent = (await _client.ReadAsync("/v1/reports/spend?from=now/M&to=now"))["totals"].GetProperty("costUsd").GetDecimal();
        month.Forecast!.Spent.Dollars.Should().Be(spent);
        month.Forecast.End.Dollars.Should().BeApproximately(30 * 24, 15);
        (await forecasts.ReadAsync(Period("?endpoint=chat.reply"))).Limit.Should().BeNull();
    }

    private SpendPeriod Period(string address) =>
        _opsmeter.Services.GetRequiredService<SpendPeriods>().Of(Store.WorkspaceId, SpendView.Parse(address));

    private Task<Investigation?> ReadAsync(string address) => _opsmeter.Services.GetRequiredService<Investigations>().ReadAsync(Period(address));

    private static string Row(string id, DateTimeOffset at, string endpoint, int input, string model = "gpt-5-mini", string? tenant = null, string version = "v1") =>
        RowText.Of(
            id, at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), endpoint: endpoint, input: input, output: 0, model: model, tenant: tenant, version: version);

    private async Task PostAsync(IReadOnlyList<string> rows)
    {
        var answer = await _client.PostAsync("/v1/ingest/llm-requests", $"[{string.Join(',', rows)}]");
        answer["accepted"].GetInt32().Should().Be(rows.Count, answer.Text);
    }
}
