using AngleSharp.Dom;
using AwesomeAssertions;
using Bunit;
using Microsoft.AspNetCore.Components;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Pages.Spend;
using Opsmeter.Web.Reports;
using Xunit;

namespace Opsmeter.Tests.Components.Pages.Spend;

public sealed class SpendTableTests : PageContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private static readonly ValueLine[] Lines =
    [
        Line("chat.reply", 60, before: 120, requests: 10), Line("<img src=x onerror=alert(1)>", 30, before: 10, requests: 300),
        Line(null, 10, before: 10), Line("fresh", 5, before: null), Line("lab", null, before: 4),
        new ValueLine("retired", default, Sums(8, 1), null, null),
    ];

    [Fact]
    public void Render_HostileName_IsTextAndItsLinkIsEncoded()
    {
        var table = Table(Lines);

        table.FindAll("img").Should().BeEmpty();
        var row = Row(table, "<img src=x onerror=alert(1)>");
        row.QuerySelector(".spend-name a")!.GetAttribute("href").Should().Be("endpoints?endpoint=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E");
        row.QuerySelector(".spend-details")!.GetAttribute("href").Should().StartWith("endpoints/one?endpoint=%3Cimg");
    }

    [Fact]
    public void Render_UnpricedValue_IsNeverZeroDollars()
    {
        var row = Row(Table(Lines), "lab");

        row.QuerySelector(".spend-cost")!.TextContent.Trim().Should().Be("unpriced");
        row.QuerySelector(".spend-change")!.TextContent.Trim().Should().Be("—");
        row.TextContent.Should().NotContain("$");
    }

    [Fact]
    public void Render_RequestsWithoutTheDimension_AreUnknownWithTheirShareAndNoLink()
    {
        var row = Table(Lines).FindAll("tbody tr").Single(row => row.GetAttribute("data-value") is null);

        row.QuerySelector(".spend-name")!.TextContent.Should().Contain("unknown");
        row.QuerySelectorAll(".spend-name a").Should().BeEmpty();
        row.QuerySelector(".spend-share-cell")!.TextContent.Trim().Should().Be("9.5%");
    }

    [Theory]
    [InlineData("chat.reply", "▼ 50%", "−$60.00 against the time compared with")]
    [InlineData("<img src=x onerror=alert(1)>", "▲ 200%", "+$20.00 against the time compared with")]
    [InlineData("fresh", "new", "No request of it before")]
    [InlineData("retired", "gone", "−$8.00 against the time compared with")]
    public void Render_Change_IsShortAndExactOnHover(string value, string text, string exact)
    {
        var change = Row(Table(Lines), value).QuerySelector(".change")!;

        change.TextContent.Should().Be(text);
        change.GetAttribute("title").Should().Be(exact);
    }

    [Theory]
    [InlineData(10, 99, "▲ 890%")]
    [InlineData(10, 450, "▲ 45×")]
    [InlineData(1, 90_000, "▲ >1,000×")]
    public void Render_ChangeOfManyTimes_HasRoomInItsColumn(int before, int now, string text) =>
        Row(Table([Line("grown", now, before)]), "grown").QuerySelector(".change")!.TextContent.Should().Be(text);

    [Fact]
    public void Sort_Heading_SaysItsDirectionAndAsksForTheOther()
    {
        var asked = new List<ValueOrder>();
        var table = Table(Lines, parameters => parameters.Add(t => t.OrderChanged, asked.Add));

        Heading(table, "Cost").GetAttribute("aria-sort").Should().Be("descending");
        Heading(table, "Change").GetAttribute("aria-sort").Should().Be("none");
        Heading(table, "Cost").QuerySelector("button")!.Click();
        Heading(table, "Change").QuerySelector("button")!.Click();
        Heading(table, "Endpoint").QuerySelector("button")!.Click();

        asked.Select(order => order.ToText()).Should().Equal("cost", "-change", "name");
    }

    [Theory]
    [InlineData("-change", "fresh", "<img src=x onerror=alert(1)>", null, "chat.reply", "retired", "lab")]
    [InlineData("change", "retired", "chat.reply", null, "<img src=x onerror=alert(1)>", "fresh", "lab")]
    [InlineData("-requests", "<img src=x onerror=alert(1)>", "chat.reply", null, "fresh", "lab", "retired")]
    [InlineData("nonsense", "chat.reply", "<img src=x onerror=alert(1)>", null, "fresh", "retired", "lab")]
    public void Sort_Order_PutsWhatCannotBeSaidLast(string order, params string?[] values) =>
        Table(Lines, order: ValueOrder.Parse(order))
            .FindAll("tbody tr").Select(row => row.GetAttribute("data-value")).Should().Equal(values);

    [Fact]
    public void Search_Typing_FiltersAtOnceAndTellsWhenDone()
    {
        var told = new List<string?>();
        var table = Table(Lines, parameters => parameters.Add(t => t.SearchChanged, (Action<string?>)told.Add));

        table.Find("input[type=search]").Input("RE");
        table.FindAll("tbody tr").Select(row => row.GetAttribute("data-value")).Should().Equal("chat.reply", "fresh", "retired");
        told.Should().BeEmpty();
        table.Find("[role=status]").TextContent.Should().Be("3 of 5 endpoints");
        table.Find("input[type=search]").Change("RE");
        told.Should().Equal("RE");
        table.Find("a[download]").GetAttribute("href").Should().Contain("q=RE").And.Contain("by=EndpointTag").And.Contain("from=2026-");

        table.Find("input[type=search]").Input("nothing like it");
        table.FindAll("table").Should().BeEmpty();
        table.Find(".empty-state button").Click();
        table.FindAll("tbody tr").Should().HaveCount(6);
    }

    [Fact]
    public void Render_ManyValues_CountsThemAllForReaders()
    {
        SetRendererInfo(new RendererInfo("Server", isInteractive: true));

        var table = Table([.. Enumerable.Range(0, 500).Select(i => Line($"user{i}", 500 - i, before: 1))]);

        table.Find("table").GetAttribute("aria-rowcount").Should().Be("501");
        table.FindAll("tbody tr[aria-rowindex]")[0].GetAttribute("aria-rowindex").Should().Be("2");
        table.Find(".spend-long").GetAttribute("tabindex").Should().Be("0");
    }

    [Fact]
    public void Render_TierAndBudget_AreNamed()
    {
        var table = Table(Lines, parameters => parameters
            .Add(t => t.TierOf, _ => new EndpointStanding(Tier.Tier2, null))
            .Add(t => t.Budgets, new Dictionary<string, BudgetStateItem> { ["chat.reply"] = State }));

        Row(table, "chat.reply").QuerySelector(".spend-tier")!.TextContent.Trim().Should().Be("Unclassified");
        Row(table, "chat.reply").QuerySelector(".spend-budget")!.TextContent.Trim().Should().Be("Warning");
        Row(table, "fresh").QuerySelector(".spend-budget")!.TextContent.Trim().Should().Be("—");
    }

    private static BudgetStateItem State => new()
    {
        BudgetId = "bud_1", Name = "Chat", State = BudgetState.Warning, Confirmed = false, Action = default, Measure = default, SpentUsd = 9,
        EstimatedUsd = 0, LimitUsd = 10, Requests = 1, Tokens = 1, Unpriced = 0, WarnAt = 0.8m, Use = 0.9m, WindowStart = Now,
    };

    private static ValueLine Line(string? value, int? dollars, int? before, int requests = 5) => new(
        value, dollars is { } known ? Sums(known, requests) : new SpendSums(requests, 0, requests, default, 1, 1, 0, 0, 0, 0),
        before is { } old ? Sums(old, requests) : default(SpendSums), 120, [1, 2]);

    private static SpendSums Sums(int dollars, int requests) => new(requests, 0, 0, Usd.FromDollars(dollars), 100, 50, 0, 0, 0, 0);

    private static IElement Row(IRenderedComponent<SpendTable> table, string value) =>
        table.FindAll("tbody tr").Single(row => row.GetAttribute("data-value") == value);

    private static IElement Heading(IRenderedComponent<SpendTable> table, string text) =>
        table.FindAll("thead th").Single(heading => heading.TextContent.Trim().TrimEnd('↓', '↑') == text);

    private IRenderedComponent<SpendTable> Table(
        IReadOnlyList<ValueLine> lines, Action<ComponentParameterCollectionBuilder<SpendTable>>? more = null, ValueOrder? order = null)
    {
        var range = SpendRange.Of(SpendView.Usual, Now, "UTC", DayOfWeek.Monday);
        var period = new SpendPeriod(1, SpendView.Usual, range, range.Before(ComparedWith.Previous, Now), Now, new WorkspaceSettings());
        var totals = lines.Aggregate(default(SpendSums), (sum, line) => sum + line.Sums);
        var before = lines.Aggregate(default(SpendSums), (sum, line) => sum + (line.Before ?? default));
        var data = new ValueBreakdown(period, Dimension.EndpointTag, totals, before, lines, SpendStack.Of(range, [], null, null));
        return Render<SpendTable>(parameters =>
        {
            parameters
                .Add(t => t.Data, data)
                .Add(t => t.Order, order ?? ValueOrder.Usual)
                .Add(t => t.FilterLink, value => "endpoints" + SpendView.Usual.With(Dimension.EndpointTag, value).ToQuery())
                .Add(t => t.DetailLink, value => "endpoints/one" + SpendView.Usual.With(Dimension.EndpointTag, value).ToQuery());
            more?.Invoke(parameters);
        });
    }
}
