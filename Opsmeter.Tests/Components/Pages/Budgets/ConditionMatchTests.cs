using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Pages.Budgets;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;
using Xunit;

namespace Opsmeter.Tests.Components.Pages.Budgets;

public sealed class ConditionMatchTests
{
    private static readonly DimensionUse Endpoints = new(
        Dimension.EndpointTag,
        [
            new ValueUse("chat.reply", 30_000, Usd.FromDollars(60)), new ValueUse("agents.plan", 8_000, Usd.FromDollars(30)),
            new ValueUse("agents.research", 3_000, Usd.FromDollars(5)),
        ],
        41_200, Usd.FromDollars(100), 30);

    [Theory]
    [InlineData("agents.*", 11_000, null)]
    [InlineData("agent.*", 0, "agents.*")]
    [InlineData("Chat.reply", 0, "chat.reply")]
    [InlineData("chat.repyl", 0, "chat.reply")]
    [InlineData("agents", 0, "agents.*")]
    [InlineData("billing", 0, null)]
    public void Find_Value_TellsWhatItMeetsAndWhatWasMeant(string value, int requests, string? instead)
    {
        var match = ConditionMatch.Find(Condition(value), Endpoints)!;

        (match.Requests, match.Of, match.Instead).Should().Be((requests, 41_200, instead));
    }

    [Fact]
    public void Find_OneOfTwoValuesMeetsNothing_NamesIt()
    {
        var match = ConditionMatch.Find(Condition("chat.reply", "agents.paln"), Endpoints)!;

        match.Requests.Should().Be(30_000);
        match.Idle.Should().Equal("agents.paln");
        match.Instead.Should().Be("agents.plan");
    }

    [Fact]
    public void Find_ModelInOtherCase_MeetsIt()
    {
        var models = new DimensionUse(Dimension.Model, [new ValueUse("GPT-5", 7, Usd.Zero)], 7, Usd.Zero, 30);

        ConditionMatch.Find(new ConditionDraft { Dimension = Dimension.Model, Values = ["gpt-5"] }, models)!.Requests.Should().Be(7);
    }

    [Fact]
    public void Coverage_SpendWithoutValue_LowersIt() => Endpoints.Coverage.Should().Be(0.95m);

    private static ConditionDraft Condition(params string[] values) => new() { Dimension = Dimension.EndpointTag, Values = [.. values] };
}
