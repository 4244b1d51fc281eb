using AwesomeAssertions;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;
using Xunit;

namespace Opsmeter.Tests.Core.Budgets;

public sealed class TierMapTests
{
    private static readonly TierMap Map = new(
        [
            Entry("*", Tier.Tier2),
            Entry("agents.*", Tier.Tier3),
            Entry("agents.billing.*", Tier.Tier1),
            Entry("agents.billing.export", Tier.Tier2),
            Entry("agents.billing.ex*", Tier.Tier3),
        ],
        Tier.Tier2);

    [Theory]
    [InlineData("agents.billing.export", Tier.Tier2, "the exact tag comes before every pattern")]
    [InlineData("agents.billing.extract", Tier.Tier3, "the longest pattern wins")]
    [InlineData("agents.billing.read", Tier.Tier1, "the longer of two patterns wins")]
    [InlineData("agents.", Tier.Tier3, "the star matches an empty rest")]
    [InlineData("agents", Tier.Tier2, "the prefix is longer than the tag")]
    [InlineData("Agents.research", Tier.Tier2, "tags are case-sensitive")]
    public void For_SeveralEntriesMatch_TakesTheMostSpecific(string endpoint, Tier tier, string because) =>
        Map.For(endpoint).Tier.Should().Be(tier, because);

    [Fact]
    public void For_NoEntryMatches_GivesTheDefaultAndSaysSo()
    {
        var map = new TierMap([Entry("chat.*", Tier.Tier1)], Tier.Tier3);

        map.For("agents.research", out var classified).Tier.Should().Be(Tier.Tier3);

        classified.Should().BeFalse();
        map.For("chat.reply", out classified).Tier.Should().Be(Tier.Tier1);
        classified.Should().BeTrue();
    }

    private static TierEntry Entry(string pattern, Tier tier) => new() { Pattern = new Pattern(pattern), Tier = tier };
}
