using AwesomeAssertions;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Xunit;

namespace Opsmeter.Tests.Core.Decisions;

public sealed class DecisionTableTests
{
    private const DecisionAction A = DecisionAction.Allow;
    private const DecisionAction D = DecisionAction.Degrade;
    private const DecisionAction B = DecisionAction.Block;

    // The table of the policy, row by row: ok, warning, exceeded and not confirmed, exceeded and confirmed.
    public static readonly TheoryData<Cap, Tier, bool, DecisionAction[]> Table = new()
    {
        { Cap.ByTier, Tier.Tier1, false, [A, A, D, D] },
        { Cap.ByTier, Tier.Tier2, false, [A, D, D, D] },
        { Cap.ByTier, Tier.Tier3, false, [A, A, D, B] },
        { Cap.ByTier, Tier.Tier1, true, [A, A, D, D] },
        { Cap.ByTier, Tier.Tier2, true, [A, D, D, D] },
        { Cap.ByTier, Tier.Tier3, true, [A, A, D, B] },
        { Cap.Soft, Tier.Tier1, false, [A, A, A, A] },
        { Cap.Soft, Tier.Tier2, false, [A, A, A, A] },
        { Cap.Soft, Tier.Tier3, false, [A, A, A, A] },
        { Cap.Soft, Tier.Tier1, true, [A, A, A, A] },
        { Cap.Soft, Tier.Tier2, true, [A, A, A, A] },
        { Cap.Soft, Tier.Tier3, true, [A, A, A, A] },
        { Cap.Degrade, Tier.Tier1, false, [A, D, D, D] },
        { Cap.Degrade, Tier.Tier2, false, [A, D, D, D] },
        { Cap.Degrade, Tier.Tier3, false, [A, D, D, D] },
        { Cap.Degrade, Tier.Tier1, true, [A, D, D, D] },
        { Cap.Degrade, Tier.Tier2, true, [A, D, D, D] },
        { Cap.Degrade, Tier.Tier3, true, [A, D, D, D] },
        { Cap.Hard, Tier.Tier1, false, [A, A, D, D] },
        { Cap.Hard, Tier.Tier2, false, [A, A, D, B] },
        { Cap.Hard, Tier.Tier3, false, [A, A, D, B] },
        { Cap.Hard, Tier.Tier1, true, [A, A, D, B] },
        { Cap.Hard, Tier.Tier2, true, [A, A, D, B] },
        { Cap.Hard, Tier.Tier3, true, [A, A, D, B] },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void ActionFor_EveryCell_IsTheTables(Cap cap, Tier tier, bool blockTier1, DecisionAction[] row)
    {
        DecisionTable.ActionFor(cap, tier, BudgetState.Ok, false, blockTier1).Should().Be(row[0]);
        DecisionTable.ActionFor(cap, tier, BudgetState.Warning, false, blockTier1).Should().Be(row[1]);
        DecisionTable.ActionFor(cap, tier, BudgetState.Exceeded, false, blockTier1).Should().Be(row[2]);
        DecisionTable.ActionFor(cap, tier, BudgetState.Exceeded, true, blockTier1).Should().Be(row[3]);
    }

    [Fact]
    public void Table_OfTheTest_HasEveryRow() => Table.Should().HaveCount(
        Enum.GetValues<Cap>().Length * Enum.GetValues<Tier>().Length * 2);

    [Theory]
    [MemberData(nameof(Table))]
    public void DegradesAtWarning_EveryRow_IsWhereTheTableDegradesAtWarning(
        Cap cap, Tier tier, bool blockTier1, DecisionAction[] row)
    {
        _ = blockTier1;
        DecisionTable.DegradesAtWarning(cap, tier).Should().Be(row[1] == D);
    }

    [Theory]
    [InlineData(Cap.ByTier, Tier.Tier1, "tier1")]
    [InlineData(Cap.ByTier, Tier.Tier2, "tier2")]
    [InlineData(Cap.ByTier, Tier.Tier3, "tier3")]
    [InlineData(Cap.Soft, Tier.Tier1, "soft")]
    [InlineData(Cap.Soft, Tier.Tier3, "soft")]
    [InlineData(Cap.Degrade, Tier.Tier2, "degrade")]
    [InlineData(Cap.Hard, Tier.Tier1, "hard")]
    [InlineData(Cap.Hard, Tier.Tier3, "hard")]
    public void ReasonFor_EveryState_NamesTierOrCapAndState(Cap cap, Tier tier, string prefix)
    {
        Reason.For(cap, tier, BudgetState.Ok, false).Should().Be("within_budget");
        Reason.For(cap, tier, BudgetState.Warning, false).Should().Be(prefix + "_warning");
        Reason.For(cap, tier, BudgetState.Exceeded, false).Should().Be(prefix + "_exceeded");
        Reason.For(cap, tier, BudgetState.Exceeded, true).Should().Be(prefix + "_exceeded_confirmed");
    }
}
