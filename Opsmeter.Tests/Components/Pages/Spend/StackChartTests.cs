using AwesomeAssertions;
using Bunit;
using Opsmeter.Core;
using Opsmeter.Web.Components.Charts;
using Opsmeter.Web.Components.Pages.Spend;
using Opsmeter.Web.Reports;
using Xunit;

namespace Opsmeter.Tests.Components.Pages.Spend;

public sealed class StackChartTests : PageContext
{
    private static readonly SpendRange Range = SpendRange.Of(
        SpendView.Usual, new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero), "UTC", DayOfWeek.Monday);

    private readonly List<object> _chosen = [];

    [Fact]
    public async Task Click_OnAColour_ChoosesItsValueAndOnTheRestTheColumn()
    {
        var canvas = Canvas([]);

        await canvas.OnClicked(1, 0);
        await canvas.OnClicked(1, 1);

        _chosen.Should().Equal("a", Range.WindowOf(1, 1));
    }

    [Fact]
    public async Task Click_InABand_OpensTheMarkWhateverTheColour()
    {
        var canvas = Canvas(
            [new ChartAnnotation(Range.Starts[0], null, "1", "deploy"), new ChartAnnotation(Range.Starts[1], Range.Starts[3], "spike", "a spike")]);

        await canvas.OnClicked(2, 0);
        await canvas.OnClicked(3, 0);
        await canvas.OnNoteClicked(0);

        _chosen.Should().Equal([1, "a", 0], "the band ends where the fourth column begins");
    }

    [Fact]
    public async Task Drag_OverColumns_ChoosesTheirTime()
    {
        await Canvas([]).OnZoomed(2, 4);

        _chosen.Should().Equal(new TimeWindow(Range.Starts[2], Range.Starts[5]));
    }

    [Fact]
    public void Render_MarksComeLater_KeepsTheNumbersThatMovedMeanwhile()
    {
        var chart = Chart([], 1);
        chart.Render(parameters => parameters.Add(c => c.Stack, Of(5)));

        chart.Render(parameters => parameters.Add(c => c.Annotations, [new ChartAnnotation(Range.Starts[0], null, "1", "deploy")]));

        chart.FindAll("tbody tr")[0].QuerySelectorAll("td")[0].TextContent.Should().Be("$5.00");
    }

    [Fact]
    public void Range_ChosenWhileColumnsAreStillSent_IsShown_AndWhatMovedMeanwhileToo()
    {
        var sent = JSInterop.SetupModule("./js/charts.js").SetupModule("create", _ => true).SetupVoid("update", _ => true);
        var chart = Chart([], 1);
        var day = SpendRange.Of(SpendView.Usual with { From = "now-24h" }, new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero), "UTC", DayOfWeek.Monday);
        chart.Render(parameters => parameters.Add(c => c.Stack, In(day, 1)));
        chart.Render(parameters => parameters.Add(c => c.Stack, In(day, 2)));
        chart.Render(parameters => parameters.Add(c => c.Stack, Of(10)));
        chart.Render(parameters => parameters.Add(c => c.Stack, Of(11)));

        sent.SetVoidResult();

        chart.WaitForAssertion(() => chart.FindAll("tbody tr")[0].QuerySelectorAll("td")[0].TextContent.Should().Be("$11.00"));
        chart.FindAll("tbody tr").Should().HaveCount(Range.Starts.Count).And.HaveCountGreaterThan(day.Starts.Count);
        sent.Invocations.Should().HaveCount(2);
    }

    private static SpendStack In(SpendRange range, decimal first) =>
        new(range, [new StackSeries("a", false, [first, .. Enumerable.Repeat(1m, range.Starts.Count - 1)])], null);

    private static SpendStack Of(decimal first) => new(
        Range, [new StackSeries("a", false, Dollars(first)), new StackSeries(null, true, Dollars(1))], null);

    private static decimal[] Dollars(decimal first) => [first, .. Enumerable.Repeat(1m, Range.Starts.Count - 1)];

    private ChartCanvas Canvas(IReadOnlyList<ChartAnnotation> marks) => Chart(marks, 1).FindComponent<ChartCanvas>().Instance;

    private IRenderedComponent<StackChart> Chart(IReadOnlyList<ChartAnnotation> marks, decimal first) => Render<StackChart>(parameters => parameters
        .Add(c => c.Stack, Of(first)).Add(c => c.Label, "Spend").Add(c => c.Annotations, marks)
        .Add(c => c.ValueChosen, value => _chosen.Add(value))
        .Add(c => c.ColumnChosen, column => _chosen.Add(column))
        .Add(c => c.MarkChosen, mark => _chosen.Add(mark)));
}
