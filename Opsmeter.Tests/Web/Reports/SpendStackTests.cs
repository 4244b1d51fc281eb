using AwesomeAssertions;
using Opsmeter.Web.Reports;
using Xunit;

namespace Opsmeter.Tests.Web.Reports;

public sealed class SpendStackTests
{
    private static readonly SpendRange Range = SpendRange.Of(
        SpendView.Usual, new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero), "UTC", DayOfWeek.Monday);

    [Fact]
    public void PlacedLike_RanksChanged_EveryValueKeepsItsColour()
    {
        var before = Of("a", "b", null, "c", "rest");

        Names(Of("c", "new", "a", null, "rest").PlacedLike(before)).Should().Equal("a", "new", null, "c", "rest");
        Names(Of("b", "a").PlacedLike(before)).Should().Equal("a", "b");
    }

    [Fact]
    public void Of_FoldedValues_AreTheRestWhateverTheyCost()
    {
        SpendRow[] rows = [Row(ValueLine.Folded, 100), Row("a", 2), Row(null, 1)];

        var stack = SpendStack.Of(Range, rows, null, null);

        Names(stack).Should().Equal("a", null, "rest");
        stack.Series[^1].Dollars[0].Should().Be(100);
    }

    private static SpendRow Row(string? value, decimal dollars) => new(
        value, null, Range.Starts[0], new SpendSums(1, 0, 0, Opsmeter.Core.Usd.FromDollars(dollars), 0, 0, 0, 0, 0, 0));

    private static IEnumerable<string?> Names(SpendStack stack) => stack.Series.Select(one => one.IsRest ? "rest" : one.Value);

    private static SpendStack Of(params string?[] names) =>
        new(Range, [.. names.Select(name => new StackSeries(name == "rest" ? null : name, name == "rest", []))], null);
}
