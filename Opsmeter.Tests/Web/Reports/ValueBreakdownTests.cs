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

public sealed class ValueBreakdownTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly TestOpsmeter _opsmeter = new(now: Now);
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync() => _client = await _opsmeter.ClientAsync();

    public ValueTask DisposeAsync() => _opsmeter.DisposeAsync();

    [Fact]
    public async Task Read_TwoPeriods_HasShareAndChangeOfEachValue()
    {
        await PostAsync(
            Row("a", daysAgo: 1, "alice", cents: 30), Row("b", daysAgo: 1, "bob", cents: 10), Row("c", daysAgo: 2, "new", cents: 10),
            Row("d", daysAgo: 1, null, cents: 50), Row("e", daysAgo: 8, "alice", cents: 10), Row("f", daysAgo: 8, "bob", cents: 20),
            Row("g", daysAgo: 9, "gone", cents: 5));

        var data = await ReadAsync();

        data.Totals.Priced.Should().Be(Usd.FromDollars(1));
        data.Lines.Select(line => line.Value).Should().Equal(null, "alice", "bob", "new", "gone");
        data.Lines.Select(line => data.ShareOf(line)).Should().Equal(0.5m, 0.3m, 0.1m, 0.1m, 0m);
        data.UnknownShare.Should().Be(0.5m);
        data.Lines.Select(line => (line.Change.Kind, line.Change.Ratio)).Should().Equal(
            (ChangeKind.New, null), (ChangeKind.Moved, 2m), (ChangeKind.Moved, -0.5m), (ChangeKind.New, null), (ChangeKind.Gone, -1m));
        data.Concentration.Curve.Should().Equal(0.6m, 0.8m, 1m);
        data.ConcentrationBefore!.Count.Should().Be(3);
    }

    [Fact]
    public async Task Read_Columns_AddUpToTheSums()
    {
        await PostAsync(
            [.. Enumerable.Range(0, 7).Select(i => Row($"r{i}", daysAgo: i / 2, $"user{i}", cents: 10 + i)), Row("p", daysAgo: 8, "user0", cents: 7)]);

        var data = await ReadAsync();

        data.Lines.Should().HaveCount(7).And.AllSatisfy(line => line.Trend!.Sum().Should().Be(line.Sums.Priced.Dollars));
        data.Stack.Series.Select(one => (one.Value, one.IsRest)).Should().Equal(
            ("user6", false), ("user5", false), ("user4", false), ("user3", false), ("user2", false), (null, true));
        data.Stack.Series.Sum(one => one.Dollars.Sum()).Should().Be(data.Totals.Priced.Dollars);
        data.Stack.Previous!.Sum().Should().Be(0.07m);
    }

    [Fact]
    public async Task Read_MoreValuesThanTrends_KeepsEveryCent()
    {
        var many = SpendStacks.MostValues + 5;
        await PostAsync([.. Enumerable.Range(0, many).Select(i => Row($"r{i}", daysAgo: 1, $"user{i:000}", cents: i + 1))]);

        var data = await ReadAsync();

        data.Lines.Should().HaveCount(many);
        data.Lines.Count(line => line.Trend is not null).Should().Be(SpendStacks.MostValues);
        data.Stack.Series.Sum(one => one.Dollars.Sum()).Should().Be(data.Totals.Priced.Dollars);
    }

    [Fact]
    public async Task Read_UnpricedValue_HasNoCostNoShareAndNoChange()
    {
        await PostAsync(
            Row("a", daysAgo: 1, "alice", cents: 10), Row("b", daysAgo: 1, "lab", cents: 10, model: "nobody-knows-this"),
            Row("c", daysAgo: 8, "lab", cents: 10));

        var line = (await ReadAsync()).Lines.Single(line => line.Value == "lab");

        line.Sums.Cost.Should().BeNull();
        line.Change.Kind.Should().Be(ChangeKind.Unpriced);
        line.Sums.CostPerRequest().Should().BeNull();
        line.Sums.PerMillionTokens().Should().BeNull();
    }

    [Fact]
    public async Task Read_LiveAgain_TakesThePreviousColumnsAsTheyWere()
    {
        await PostAsync(Row("a", daysAgo: 8, "alice", cents: 10));
        var first = await ReadAsync();
        await PostAsync(Row("b", daysAgo: 0, "alice", cents: 10));

        var again = await ReadAsync(first);

        again.Stack.Previous.Should().BeSameAs(first.Stack.Previous);
        again.Lines.Single().Sums.Priced.Should().Be(Usd.FromDollars(0.1m));
    }

    [Fact]
    public async Task Detail_Endpoint_HasItsPartsAndNobodyElses()
    {
        await PostAsync(
            Row("a", daysAgo: 1, "alice", cents: 30), Row("b", daysAgo: 1, "bob", cents: 10), Row("c", daysAgo: 8, "bob", cents: 20),
            RowText.Of("d", At(1), endpoint: "agents.plan", input: 400_000, output: 0, user: "carol"));
        var view = SpendView.Usual.With(Dimension.EndpointTag, "chat.reply");

        var detail = await _opsmeter.Services.GetRequiredService<ValueDetails>()
            .ReadAsync(PeriodOf(view), Dimension.Model, [Dimension.Model, Dimension.UserId], null, TestContext.Current.CancellationToken);

        detail.Totals.Priced.Should().Be(Usd.FromDollars(0.4m));
        detail.Before!.Value.Priced.Should().Be(Usd.FromDollars(0.2m));
        detail.Parts[0].Lines.Select(line => (line.Value, line.Sums.Requests)).Should().Equal(("gpt-5-mini", 2));
        detail.Parts[1].Lines.Select(line => line.Value).Should().Equal("alice", "bob");
        detail.Latency!.P95Ms.Should().Be(100);
    }

    [Fact]
    public async Task Models_TwoProvidersOfOneModel_StayApart()
    {
        await PostAsync(
            RowText.Of("a", At(1), model: "shared", provider: "acme"), RowText.Of("b", At(1), model: "shared", provider: "initech"),
            RowText.Of("c", At(1), input: 1_000_000, output: 0), RowText.Of("d", At(8), model: "old-one", provider: "acme"));

        var data = await _opsmeter.Services.GetRequiredService<ModelBreakdowns>()
            .ReadAsync(PeriodOf(SpendView.Usual), null, TestContext.Current.CancellationToken);

        data.Lines.Select(line => (line.Model, line.Provider)).Should().BeEquivalentTo(
            [("gpt-5-mini", "openai"), ("shared", "acme"), ("shared", "initech"), ("old-one", "acme")]);
        data.Lines[0].Sums.PerMillionTokens().Should().Be(Usd.FromDollars(0.25m));
        data.Lines.Where(line => line.Model == "shared").Should().AllSatisfy(line => line.Sums.Cost.Should().BeNull());
    }

    [Fact]
    public void Figures_SomeRequestsUnpriced_AreOfThePricedOnesAlone()
    {
        var sums = new SpendSums(3, 0, 1, Usd.FromDollars(3), 900_000, 600_000, 0, 0, 0, 0, UnpricedTokens: 500_000);

        sums.PerMillionTokens().Should().Be(Usd.FromDollars(3));
        (sums with { UnpricedTokens = 1_500_000 }).PerMillionTokens().Should().BeNull("no priced request has tokens");
    }

    [Fact]
    public void ComputedOverReported_SomeReported_ComparesTheSameRequests()
    {
        var sums = new SpendSums(10, 0, 0, Usd.FromDollars(90), 0, 0, 0, 0, 0, 0)
        {
            ReportedRequests = 2, Reported = Usd.FromDollars(10), ReportedComputed = Usd.FromDollars(10.2m),
        };

        sums.ComputedOverReported().Should().Be(0.02m);
        (sums with { Reported = Usd.Zero }).ComputedOverReported().Should().BeNull();
        default(SpendSums).ComputedOverReported().Should().BeNull();
    }

    [Fact]
    public async Task Csv_OrderAndSearch_HasExactlyWhatIsShown()
    {
        await PostAsync(
            Row("a", daysAgo: 1, "=alice", cents: 30), Row("b", daysAgo: 1, "alina", cents: 10), Row("c", daysAgo: 1, "bob", cents: 60),
            Row("d", daysAgo: 8, "alina", cents: 5));

        var lines = SpendExport.CsvOf(await ReadAsync(), ValueOrder.Parse("cost"), "AL").Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        lines.Should().HaveCount(3);
        lines[0].Should().StartWith("userId,costUsd,share,costBeforeUsd,changeUsd,requests");
        lines[1].Should().StartWith("alina,0.1,0.1,0.05,0.05,1,0,0,0.1,100");
        lines[2].Should().StartWith("'=alice,0.3,0.3,0,0.3,");
    }

    private static string At(int daysAgo) => Now.AddDays(-daysAgo).AddMinutes(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // A cent is forty thousand input tokens of this model.
    private static string Row(string id, int daysAgo, string? user, int cents, string model = "gpt-5-mini") =>
        RowText.Of(id, At(daysAgo), input: 40_000 * cents, output: 0, user: user, model: model, provider: model == "gpt-5-mini" ? "openai" : "acme");

    private SpendPeriod PeriodOf(SpendView view) => _opsmeter.Services.GetRequiredService<SpendPeriods>().Of(Store.WorkspaceId, view);

    private Task<ValueBreakdown> ReadAsync(ValueBreakdown? last = null) => _opsmeter.Services.GetRequiredService<ValueBreakdowns>()
        .ReadAsync(PeriodOf(SpendView.Usual), Dimension.UserId, last, TestContext.Current.CancellationToken);

    private async Task PostAsync(params string[] rows)
    {
        var answer = await _client.PostAsync("/v1/ingest/llm-requests", $"[{string.Join(',', rows)}]");
        answer["accepted"].GetInt32().Should().Be(rows.Length, answer.Text);
    }
}
