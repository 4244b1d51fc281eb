using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Core.Budgets;

public sealed class BudgetEvaluatorTests
{
    private static readonly Limits TenDollars = new(new Usd(10 * Usd.NanoPerDollar), null, null);

    [Theory]
    [InlineData(0, BudgetState.Ok)]
    [InlineData(7_999_999_999, BudgetState.Ok)]
    [InlineData(8_000_000_000, BudgetState.Warning)]
    [InlineData(10_000_000_000, BudgetState.Warning)]
    [InlineData(10_000_000_001, BudgetState.Exceeded)]
    public void StateOf_AroundTheThresholds_TurnsAtTheExactNanoDollar(long nano, BudgetState state) =>
        BudgetEvaluator.StateOf(Spent(nano), TenDollars, 0.80m).Should().Be(state);

    [Theory]
    [InlineData(1, BudgetState.Ok)]
    [InlineData(2, BudgetState.Warning)]
    [InlineData(3, BudgetState.Warning)]
    [InlineData(4, BudgetState.Exceeded)]
    public void StateOf_WarnAtNotAWholeNumber_WarnsFromTheFirstAmountNotBelowIt(long requests, BudgetState state) =>
        BudgetEvaluator.StateOf(Counted(requests: requests), new Limits(null, 3, null), 0.5m).Should().Be(state);

    [Fact]
    public void StateOf_SeveralMeasures_IsTheGravest()
    {
        var limits = new Limits(new Usd(1_000), 10, 5_000);

        BudgetEvaluator.StateOf(Counted(100, 11, 100), limits, 0.8m).Should().Be(BudgetState.Exceeded);
        BudgetEvaluator.StateOf(Counted(100, 1, 4_000), limits, 0.8m).Should().Be(BudgetState.Warning);
        BudgetEvaluator.StateOf(Counted(799, 7, 3_999), limits, 0.8m).Should().Be(BudgetState.Ok);
    }

    [Fact]
    public void DecidingMeasure_SeveralMeasures_IsTheHighestUse()
    {
        var limits = new Limits(new Usd(1_000), 10, 5_000);

        BudgetEvaluator.DecidingMeasure(Counted(500, 6, 100), limits).Should().Be(Measure.Requests);
        BudgetEvaluator.DecidingMeasure(Counted(500, 5, 2_501), limits).Should().Be(Measure.Tokens);
        BudgetEvaluator.DecidingMeasure(Counted(500, 5, 2_500), limits).Should().Be(Measure.Usd, "of equals the first counts");
        BudgetEvaluator.DecidingMeasure(Counted(9, 9, 9), limits with { Usd = null, Tokens = null }).Should().Be(Measure.Requests);
        BudgetEvaluator.Use(Counted(500, 6, 100), limits).Should().Be(0.6m);
    }

    [Fact]
    public void EvaluateEnded_LateRequestPassesTheLimit_ConfirmsNothing()
    {
        var budget = TestBudgets.Daily(10m).Immediate();

        var standing = BudgetEvaluator.EvaluateEnded(budget, TenDollars, default, Spent(11_000_000_000));

        standing.Should().Be(new Standing(BudgetState.Exceeded));
    }

    private static WindowSums Spent(long nano) => Counted(nano);

    private static WindowSums Counted(long nano = 0, long requests = 0, long tokens = 0) =>
        new(new Usd(nano), default, default, requests, tokens, 0);
}
