using AwesomeAssertions;
using Bunit;
using Microsoft.AspNetCore.Components;
using Opsmeter.Web.Components.Charts;
using Xunit;

namespace Opsmeter.Tests.Components.Charts;

public sealed class SpendChartTests : PageContext
{
    private static readonly DateTimeOffset Start = new(2026, 11, 16, 0, 0, 0, TimeSpan.Zero);
    private readonly BunitJSModuleInterop _module;
    private readonly BunitJSModuleInterop _chart;

    public SpendChartTests()
    {
        _module = JSInterop.SetupModule("./js/charts.js");
        _module.Mode = JSRuntimeMode.Loose;
        _chart = _module.SetupModule("create", _ => true);
        _chart.Mode = JSRuntimeMode.Loose;
    }

    [Fact]
    public void Render_HostileName_IsTextInLegendAndTable()
    {
        var chart = Chart(Of("<img src=x onerror=alert(1)>"));

        chart.FindAll("img").Should().BeEmpty();
        chart.Find(".legend").TextContent.Should().Contain("<img src=x onerror=alert(1)>");
        chart.FindAll("thead th")[1].TextContent.Should().Be("<img src=x onerror=alert(1)>");
    }

    [Fact]
    public void Render_Table_HasTheExactNumbersAndTheirSum() =>
        Cells(Chart(Of("chat.reply")), 0).Should().Equal("$1.000000001", "$2.50", "$3.500000001");

    [Fact]
    public void Render_Other_HasTheGreyWhereverItStands() =>
        Chart(Of("chat.reply")).FindAll(".legend .swatch").Select(swatch => swatch.GetAttribute("style"))
            .Should().Equal("background:var(--s1)", "background:var(--s6)");

    [Fact]
    public void Create_ManyRenders_HappensOnce()
    {
        var series = Of("chat.reply");
        var chart = Chart(series);

        chart.Render(parameters => parameters.Add(c => c.Label, "Renamed"));

        _module.Invocations["create"].Should().ContainSingle();
        _chart.Invocations["replace"].Should().BeEmpty();
    }

    [Fact]
    public void Render_NewSeries_ReplacesTheDataOfTheSameChart()
    {
        var chart = Chart(Of("chat.reply"));

        chart.Render(parameters => parameters.Add(c => c.Series, Of("summarise")));

        _module.Invocations["create"].Should().ContainSingle();
        _chart.Invocations["replace"].Should().ContainSingle();
    }

    [Fact]
    public async Task UpdateBucketAsync_OneColumn_SendsOnlyThatAndMovesTheTable()
    {
        var chart = Chart(Of("chat.reply"));

        await chart.Instance.UpdateBucketAsync(1, [7m, 0.25m]);

        var sent = _chart.Invocations["update"].Should().ContainSingle().Subject;
        sent.Arguments[0].Should().Be(1);
        sent.Arguments[1].Should().BeEquivalentTo(new[] { 7m, 0.25m });
        Cells(chart, 1).Should().Equal("$7.00", "$0.25", "$7.25");
        Cells(chart, 0)[0].Should().Be("$1.000000001");
    }

    [Fact]
    public async Task UpdateBucketAsync_ParentDrawsAgain_KeepsWhatMoved()
    {
        var chart = Chart(Of("chat.reply"));
        await chart.Instance.UpdateBucketAsync(1, [7m, 0.25m]);

        chart.Render(parameters => parameters.Add(c => c.Label, "Renamed"));

        Cells(chart, 1)[0].Should().Be("$7.00");
    }

    [Theory]
    [InlineData(-1, 2)]
    [InlineData(2, 2)]
    [InlineData(0, 1)]
    public async Task UpdateBucketAsync_WhatDoesNotFit_Throws(int bucket, int values)
    {
        var chart = Chart(Of("chat.reply"));

        var update = () => chart.Instance.UpdateBucketAsync(bucket, new decimal[values]);

        await update.Should().ThrowAsync<ArgumentException>();
    }

    [Theory]
    [InlineData(1, 0, "chat.reply")]
    [InlineData(1, -1, null)]
    public async Task OnBucketClick_FromTheBrowser_NamesTheSeries(int bucket, int series, string? name)
    {
        var clicks = new List<ChartClick>();
        var chart = Chart(Of("chat.reply"), clicks);

        await chart.FindComponent<ChartCanvas>().Instance.OnClicked(bucket, series);
        await chart.FindComponent<ChartCanvas>().Instance.OnClicked(99, series);

        clicks.Should().Equal([new ChartClick(bucket, name)], "a column that does not exist is no click");
    }

    [Fact]
    public void OnBucketClick_ByKeyboard_IsAButtonInTheTable()
    {
        var clicks = new List<ChartClick>();

        Chart(Of("chat.reply"), clicks).FindAll("tbody button")[1].Click();

        clicks.Should().Equal(new ChartClick(1, null));
    }

    [Fact]
    public async Task OnZoom_FromTheBrowser_HasOnlyStretchesThatAreThere()
    {
        var zooms = new List<(int, int)>();
        var chart = Zoomable(zooms);

        await chart.FindComponent<ChartCanvas>().Instance.OnZoomed(0, 1);
        await chart.FindComponent<ChartCanvas>().Instance.OnZoomed(1, 0);
        await chart.FindComponent<ChartCanvas>().Instance.OnZoomed(1, 2);

        zooms.Should().Equal((0, 1));
    }

    [Fact]
    public void OnZoom_ByKeyboard_IsAButtonInTheTable()
    {
        var zooms = new List<(int, int)>();

        Zoomable(zooms).FindAll("tbody button")[1].Click();

        zooms.Should().Equal((1, 1));
    }

    [Fact]
    public async Task OnAnnotationClick_FromTheBrowser_HasOnlyMarksThatAreThere()
    {
        var clicked = new List<int>();
        var chart = Render<SpendChart>(parameters => parameters
            .Add(c => c.Buckets, Buckets)
            .Add(c => c.Series, Of("chat.reply"))
            .Add(c => c.Annotations, [new ChartAnnotation(Start, null, "1", "deploy")])
            .Add(c => c.OnAnnotationClick, clicked.Add));

        await chart.FindComponent<ChartCanvas>().Instance.OnNoteClicked(0);
        await chart.FindComponent<ChartCanvas>().Instance.OnNoteClicked(1);

        clicked.Should().Equal(0);
    }

    [Fact]
    public void Render_MoreNamesThanColours_Throws()
    {
        var six = Enumerable.Range(0, 6).Select(i => new ChartSeries($"e{i}", [0m, 0m])).ToList();

        var render = () => Chart(six);

        render.Should().Throw<InvalidOperationException>().WithMessage("*Other*");
    }

    [Fact]
    public async Task Dispose_Chart_DisposesItInTheBrowser()
    {
        Chart(Of("chat.reply"));

        await DisposeComponentsAsync();

        _chart.Invocations["dispose"].Should().ContainSingle();
    }

    [Fact]
    public void Sparkline_Values_AreDrawnFromZero() =>
        Render<Sparkline>(parameters => parameters.Add(s => s.Label, "Trend").Add(s => s.Values, [10m, 5m, 0m]))
            .Find("polyline").GetAttribute("points").Should().Be("0,2 50,12 100,22");

    [Fact]
    public void Sparkline_NothingButZero_IsAFlatLine() =>
        Render<Sparkline>(parameters => parameters.Add(s => s.Label, "Trend").Add(s => s.Values, [0m, 0m]))
            .Find("polyline").GetAttribute("points").Should().Be("0,22 100,22");

    private static List<ChartSeries> Of(string name) =>
        [new(name, [1.000000001m, 2m]), new(ChartSeries.Other, [2.5m, 3m])];

    private static List<string> Cells(IRenderedComponent<SpendChart> chart, int row) =>
        [.. chart.FindAll("tbody tr")[row].QuerySelectorAll("td").Select(cell => cell.TextContent)];

    private static readonly List<ChartBucket> Buckets = [new(Start, "Mon"), new(Start.AddDays(1), "Tue")];

    private IRenderedComponent<SpendChart> Zoomable(List<(int First, int Last)> zooms) => Render<SpendChart>(parameters => parameters
        .Add(c => c.Buckets, Buckets)
        .Add(c => c.Series, Of("chat.reply"))
        .Add(c => c.OnZoom, zooms.Add));

    private IRenderedComponent<SpendChart> Chart(IReadOnlyList<ChartSeries> series, List<ChartClick>? clicks = null) =>
        Render<SpendChart>(parameters =>
        {
            parameters.Add(c => c.Label, "Spend").Add(c => c.Buckets, Buckets).Add(c => c.Series, series);
            if (clicks is not null)
            {
                parameters.Add(c => c.OnBucketClick, EventCallback.Factory.Create<ChartClick>(this, clicks.Add));
            }
        });
}
