using System.Globalization;
using AwesomeAssertions;
using Bunit;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Pages.Investigate;
using Opsmeter.Web.Components.Pages.Overview;
using Opsmeter.Web.Reports;
using Xunit;

namespace Opsmeter.Tests.Components.Pages;

public sealed class ChangePartsTests : PageContext
{
    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 10)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Table_AnyChange_ShowsPartsThatAddUpToTheLastDigit(int seed)
    {
        var random = new Random(seed);
        var change = SpendChange.Between(Enumerable.Range(0, 30).Select(i => (i < 25 ? Cell() : default, i > 3 ? Cell() : default)));

        var table = Render<ChangeParts>(parameters => parameters.Add(parts => parts.Change, change));

        var parts = table.FindAll("[data-exact]").Select(cell => Read(cell.TextContent)).ToArray();
        parts.Should().HaveCount(5);
        parts.Sum().Should().Be(Read(table.Find("[data-sum]").TextContent)).And.Be(change.Change.Dollars);
        (Read(table.Find("[data-before]").TextContent) + parts.Sum()).Should().Be(Read(table.Find("[data-after]").TextContent));

        SpendCell Cell() => new(random.Next(1, 9_999), random.Next(1, 9_999_999), new Usd(random.NextInt64(1, 99_000_000_000)));
    }

    [Fact]
    public void Sentence_SpendThatFell_NamesWhatMadeItFall()
    {
        var change = new SpendChange(Usd.FromDollars(100), Usd.FromDollars(60), Usd.FromDollars(-50), Usd.Zero, Usd.FromDollars(10), Usd.Zero, Usd.Zero);

        ChangePart.Sentence(change, ChangePart.Of(change), "the period before").Should().Be(
            "Spend fell by $40.00 (\u221240%), from $100.00 to $60.00, against the period before. The greatest part: fewer requests, 125% of the change.");
    }

    [Fact]
    public void Movers_HostileAndUnpricedValues_AreTextAndNeverNothing()
    {
        var unpriced = new SpendSums { Requests = 3, Unpriced = 3 };
        var data = new DimensionMovers(
            Dimension.Model,
            [
                new MoverLine(new Mover("<b>x</b>", Usd.Zero, Usd.FromDollars(2), 1, true), default, new SpendSums { Requests = 1, Priced = Usd.FromDollars(2) }),
                new MoverLine(new Mover("secret", Usd.Zero, Usd.Zero, 0, false), unpriced, unpriced),
            ],
            0, Usd.Zero, Usd.Zero);

        var table = Render<MoverTable>(parameters => parameters
            .Add(movers => movers.Dimension, Dimension.Model).Add(movers => movers.Data, data).Add(movers => movers.Total, Usd.FromDollars(2))
            .Add(movers => movers.View, SpendView.Parse("?compare=week")));

        table.FindAll("b").Should().BeEmpty();
        table.Find("a").GetAttribute("href").Should().Be("investigate?compare=week&model=%3Cb%3Ex%3C%2Fb%3E");
        var cells = table.FindAll("tbody tr")[1].QuerySelectorAll("td").Select(cell => cell.TextContent.Trim());
        cells.Should().Equal("unpriced", "unpriced", "—", "—");
    }

    [Fact]
    public void Drivers_ARow_LeadsToItsFilterInTheHoursOfTheSpike()
    {
        var start = new DateTimeOffset(2026, 11, 19, 14, 0, 0, TimeSpan.Zero);
        var spike = new SpendSpike(new TimeWindow(start, start.AddHours(2)), Usd.FromDollars(30), Usd.FromDollars(10), 9);
        var timeline = new SpendTimeline(
            [spike], [], [new SpikeDriver(Dimension.PromptVersion, new Driver("v14", Usd.FromDollars(20), Usd.FromDollars(18), 0.9), [0, 20], start.AddHours(-2))]);

        var panel = Render<SpikeDrivers>(parameters => parameters
            .Add(drivers => drivers.Timeline, timeline).Add(drivers => drivers.UsualHour, null)
            .Add(drivers => drivers.View, SpendView.Parse("?endpoint=agents")));

        panel.Find("tbody a").GetAttribute("href").Should().Be(
            "investigate?from=2026-11-19T14%3A00%3A00Z&to=2026-11-19T16%3A00%3A00Z&compare=week&endpoint=agents&version=v14");
        panel.Find("tbody th").TextContent.Should().Contain("first seen Thu 19 Nov 12:00");
        panel.Markup.Should().Contain("90%");
    }

    [Fact]
    public void Drivers_NoSpike_SaysWhatIsUsual()
    {
        var panel = Render<SpikeDrivers>(parameters => parameters
            .Add(drivers => drivers.Timeline, new SpendTimeline([], [], [])).Add(drivers => drivers.UsualHour, Usd.FromDollars(5.25m)).Add(drivers => drivers.View, SpendView.Usual));

        panel.Find("p").TextContent.Should().Be("No spike in this range. The usual level is $5.25 an hour.");
    }

    private static decimal Read(string money) =>
        decimal.Parse(money.Replace("$", "", StringComparison.Ordinal).Replace("\u2212", "-", StringComparison.Ordinal), NumberStyles.Number | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
