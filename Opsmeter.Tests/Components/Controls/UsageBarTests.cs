using AwesomeAssertions;
using Bunit;
using Opsmeter.Web.Components.Controls;
using Xunit;

namespace Opsmeter.Tests.Components.Controls;

public sealed class UsageBarTests : PageContext
{
    [Fact]
    public void Render_WithForecast_SaysEverythingInText()
    {
        var meter = Bar(0.9996m, 1.22m).Find("[role=meter]");

        meter.GetAttribute("aria-label").Should().Be("Agents research");
        meter.GetAttribute("aria-valuenow").Should().Be("99.9", "it is not yet at the limit");
        meter.GetAttribute("aria-valuetext").Should().Be("99.9% of the limit used, Warning; warning at 80%; forecast 122%");
    }

    [Fact]
    public void Render_PastTheEnd_IsCutButTheNumberIsNot()
    {
        var bar = Bar(3m, null);

        bar.Find(".usage-fill").GetAttribute("style").Should().Be("width:100%");
        bar.Find("[role=meter]").GetAttribute("aria-valuenow").Should().Be("300");
        bar.Find("[role=meter]").GetAttribute("aria-valuemax").Should().Be("300");
    }

    [Fact]
    public void Render_Marks_StandWhereWarningAndLimitAre()
    {
        var bar = Bar(0.6m, 1.2m);

        bar.Find(".usage-fill").GetAttribute("style").Should().Be("width:50%");
        bar.Find(".usage-warn").GetAttribute("style").Should().Be("left:66.67%");
        bar.Find(".usage-limit").GetAttribute("style").Should().Be("left:83.33%");
        bar.Find(".usage-forecast").GetAttribute("style").Should().Be("left:100%");
    }

    [Fact]
    public void Render_WithoutForecast_ShowsNone() => Bar(0.6m, null).FindAll(".usage-forecast").Should().BeEmpty();

    private IRenderedComponent<UsageBar> Bar(decimal ratio, decimal? forecast) => Render<UsageBar>(parameters => parameters
        .Add(bar => bar.Label, "Agents research")
        .Add(bar => bar.Ratio, ratio)
        .Add(bar => bar.Forecast, forecast)
        .Add(bar => bar.State, ChipState.Warning));
}
