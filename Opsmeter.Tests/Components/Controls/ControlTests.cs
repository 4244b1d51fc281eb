using AwesomeAssertions;
using Bunit;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Web.Components.Controls;
using Xunit;

namespace Opsmeter.Tests.Components.Controls;

public sealed class ControlTests : PageContext
{
    [Fact]
    public void StateChip_EveryState_HasItsOwnWord()
    {
        var words = Enum.GetValues<ChipState>()
            .Select(state => Render<StateChip>(parameters => parameters.Add(chip => chip.State, state)).Find(".chip").TextContent)
            .ToList();

        words.Should().Equal("OK", "Warning", "Exceeded", "Blocking", "Degraded");
    }

    [Theory]
    [InlineData(null, "Unclassified")]
    [InlineData(Tier.Tier3, "Tier 3")]
    public void TierChip_Tier_IsNamed(Tier? tier, string text) =>
        Render<TierChip>(parameters => parameters.Add(chip => chip.Tier, tier)).Find(".chip").TextContent.Should().Be(text);

    [Fact]
    public void SegmentedChoice_AnotherPicked_TellsItOnce()
    {
        var told = new List<int>();
        var choice = Render<SegmentedChoice<int>>(parameters => parameters
            .Add(c => c.Label, "Cap")
            .Add(c => c.Items, [new Choice<int>(1, "Soft"), new Choice<int>(2, "Hard")])
            .Add(c => c.Value, 1)
            .Add(c => c.ValueChanged, told.Add));

        choice.FindAll("input")[0].Change(true);
        choice.FindAll("input")[1].Change(true);

        told.Should().Equal(2);
        choice.Find("[role=radiogroup]").GetAttribute("aria-label").Should().Be("Cap");
        choice.FindAll("input").Select(input => input.GetAttribute("name")).Distinct().Should().ContainSingle("one group has one name");
    }

    [Fact]
    public void CodeBlock_Markup_StaysText()
    {
        var block = Render<CodeBlock>(parameters => parameters
            .Add(b => b.Title, "curl")
            .Add(b => b.Code, "<script>alert(1)</script>"));

        block.FindAll("script").Should().BeEmpty();
        block.Find("code").TextContent.Should().Be("<script>alert(1)</script>");
        block.Find("[data-copy]").GetAttribute("data-copy").Should().Be(block.Find("code").Id);
    }

    [Fact]
    public void MoneyText_NoPrice_IsNotZero() =>
        Render<MoneyText>(parameters => parameters.Add(m => m.Value, (Usd?)null)).Markup.Should().Contain("unpriced").And.NotContain("$");

    [Fact]
    public void MoneyText_Rounded_KeepsTheExactAmountOnHover()
    {
        var money = Render<MoneyText>(parameters => parameters
            .Add(m => m.Value, new Usd(3_295_000))
            .Add(m => m.Rounded, true)).Find(".money");

        money.TextContent.Should().Be("$0.0033");
        money.GetAttribute("title").Should().Be("$0.003295");
    }

    [Fact]
    public void TimeText_InAZone_ShowsLocalTimeAndExactUtc()
    {
        var time = Render<TimeText>(parameters => parameters
            .AddCascadingValue(TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"))
            .Add(t => t.Value, new DateTimeOffset(2026, 7, 31, 22, 30, 5, TimeSpan.Zero))
            .Add(t => t.ShowZone, true)).Find("time");

        time.TextContent.Should().Be("1 Aug 2026, 00:30 Europe/Berlin");
        time.GetAttribute("title").Should().Be("31 Jul 2026, 22:30:05 UTC");
        time.GetAttribute("datetime").Should().Be("2026-07-31T22:30:05Z");
    }

    [Theory]
    [InlineData(LiveState.Connecting, null, "Connecting")]
    [InlineData(LiveState.Live, null, "Live")]
    [InlineData(LiveState.Paused, "4 min old", "Paused · 4 min old")]
    [InlineData(LiveState.Reconnecting, null, "Reconnecting")]
    public void LiveDot_State_IsSaidInWords(LiveState state, string? age, string text) =>
        Render<LiveDot>(parameters => parameters.Add(l => l.State, state).Add(l => l.Age, age))
            .Find(".live-now").TextContent.Should().Be(text);
}
