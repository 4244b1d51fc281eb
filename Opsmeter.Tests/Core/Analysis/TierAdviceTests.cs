using AwesomeAssertions;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Budgets;
using Xunit;

namespace Opsmeter.Tests.Core.Analysis;

public sealed class TierAdviceTests
{
    private static readonly (string, Tier)[] Classified = [("agents.plan", Tier.Tier3), ("agents.code", Tier.Tier3), ("chat.reply", Tier.Tier1), ("chat.title", Tier.Tier2)];

    [Theory]
    [InlineData("agents.billing", Tier.Tier3, TierAdvice.Reason.Siblings, "agents.*", 2)]
    [InlineData("billing.check", Tier.Tier1, TierAdvice.Reason.Word, "billing", 1)]
    [InlineData("shop-checkout", Tier.Tier1, TierAdvice.Reason.Word, "checkout", 1)]
    [InlineData("my_experiment", Tier.Tier3, TierAdvice.Reason.Word, "experiment", 1)]
    [InlineData("chat.summary", Tier.Tier2, TierAdvice.Reason.NothingElse, "", 50)]
    [InlineData("latest.news", Tier.Tier2, TierAdvice.Reason.NothingElse, "", 50)]
    public void For_Endpoint_SaysTierAndWhy(string endpoint, Tier tier, TierAdvice.Reason why, string evidence, long count) =>
        TierAdvice.For(endpoint, 50, Classified).Should().Be(new TierAdvice(tier, why, evidence, count));
}
