using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Replay;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Stories;

/// <summary>Months and days of traffic as products have it, lived through by callers that ask before every request.</summary>
public sealed class PolicyStoryTests
{
    private const double BusiestPerMinute = 5;

    // Jobs run outside of office hours too: about forty requests in half an hour. A handful would tell nothing of a pace.
    private const double Night = 0.25;

    private static readonly DateTimeOffset Month = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset MonthEnd = Month.AddMonths(1);
    private static readonly DegradedMode Smaller = new() { Model = "gpt-5-mini" };

    public static TheoryData<Rhythm, int> Seeds =>
        [.. from rhythm in Enum.GetValues<Rhythm>() from seed in Enumerable.Range(1, 3) select new TheoryDataRow<Rhythm, int>(rhythm, seed)];

    /// <summary>When people call: around the clock with a long evening, or in office hours on working days.</summary>
    public enum Rhythm
    {
        /// <summary>A consumer product's.</summary>
        Diurnal,

        /// <summary>A business product's.</summary>
        Office,
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void MonthThatEndsAt95Percent_Tier2OverPlan_IsNotDegradedOnce(Rhythm rhythm, int seed)
    {
        var traffic = Traffic(rhythm, seed, Month, MonthEnd);
        var budget = TestBudgets.Monthly(Total(traffic).Dollars / 0.95m) with { DegradeAt = DegradeAt.OverPlan };
        var live = new TestWorkspace(new WorkspaceSettings(), [new TierEntry { Pattern = new Pattern("*"), Tier = Tier.Tier2, DegradedMode = Smaller }], budget);

        var told = Live(live, traffic);

        told.Count(action => action != DecisionAction.Allow).Should().Be(0);
        live.Transitions.Select(transition => transition.To.State).Should().Equal(BudgetState.Warning);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void MonthThatDegradingEndsAt106Percent_IsNeverBlocked(Rhythm rhythm, int seed)
    {
        var traffic = Traffic(rhythm, seed, Month, MonthEnd);
        var budget = TestBudgets.Monthly(LimitFor(traffic, 1.06m)) with { Cap = Cap.Hard };
        var live = new TestWorkspace(new WorkspaceSettings(), [new TierEntry { Pattern = new Pattern("*"), Tier = Tier.Tier3, DegradedMode = Smaller }], budget);

        var told = Live(live, traffic);

        told.Should().NotContain(DecisionAction.Block);
        told.Should().Contain(DecisionAction.Degrade);
        var use = live.Ledger.Single().Sums.Spend.Dollars / budget.Limits.Usd!.Value.Dollars;
        use.Should().BeInRange(1.055m, 1.065m);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void TenfoldRunaway_OnADayCap_IsBlockedWithinSixMinutesAndTenPercent(Rhythm rhythm, int seed)
    {
        // A fortnight as usual, at 60 % of the cap on its dearest day; then from eleven in the morning ten times as much.
        var day = Month.AddDays(15);
        var usual = Traffic(rhythm, seed, Month, day.AddHours(11));
        var limit = usual.GroupBy(row => row.Request.OccurredAt.Date).Max(each => Total([.. each]).Dollars) / 0.6m;
        var runaway = Traffic(rhythm, seed + 100, day.AddHours(11), day.AddDays(1), times: 10);
        var budget = TestBudgets.Daily(limit) with { Cap = Cap.Hard };
        var live = new TestWorkspace(new WorkspaceSettings(), [new TierEntry { Pattern = new Pattern("*"), Tier = Tier.Tier3 }], budget);

        Live(live, usual).Should().OnlyContain(action => action == DecisionAction.Allow);
        var (passed, blocked, use) = Runaway(live, runaway, budget);

        (blocked - passed).Should().BeLessThanOrEqualTo(TimeSpan.FromMinutes(6));
        use.Should().BeInRange(1, 1.10m);
    }

    /// <summary>Every caller asks and does as it is told; what each was told.</summary>
    private static List<DecisionAction> Live(TestWorkspace live, List<PricedRow> traffic)
    {
        var told = new List<DecisionAction>(traffic.Count);
        foreach (var row in traffic)
        {
            var now = row.Request.OccurredAt;
            var decision = live.Decide(row, now);
            told.Add(decision.Action);
            if (decision.Action != DecisionAction.Block)
            {
                live.Report(decision.Action == DecisionAction.Degrade ? PolicyReplay.Degraded(row, decision.DegradedMode!, PriceBook.BuiltIn) : row, now);
            }
        }

        return told;
    }

    /// <summary>The runaway does not care about degraded modes; when it passed the limit, when it was told to stop, and at what use.</summary>
    private static (DateTimeOffset Passed, DateTimeOffset Blocked, decimal Use) Runaway(TestWorkspace live, List<PricedRow> traffic, Budget budget)
    {
        var passed = DateTimeOffset.MaxValue;
        foreach (var row in traffic)
        {
            var now = row.Request.OccurredAt;
            if (live.Decide(row, now).Action == DecisionAction.Block)
            {
                return (passed, now, live.Ledger.Max(meter => meter.LatestOccurredAt >= passed ? meter.Sums.Spend.Dollars : 0) / budget.Limits.Usd!.Value.Dollars);
            }

            if (live.Report(row, now).Any(transition => transition.To.State == BudgetState.Exceeded))
            {
                passed = passed == DateTimeOffset.MaxValue ? now : passed;
            }
        }

        throw new InvalidOperationException("It was never told to stop.");
    }

    /// <summary>The limit at which the month would end at a use, when everything past the limit is made by the smaller model.</summary>
    private static decimal LimitFor(List<PricedRow> traffic, decimal use)
    {
        var (low, high) = (0m, Total(traffic).Dollars);
        var costs = traffic.Select(row => (Full: row.Cost!.Value.Dollars, Less: PolicyReplay.Degraded(row, Smaller, PriceBook.BuiltIn).Cost!.Value.Dollars)).ToArray();
        for (var i = 0; i < 40; i++)
        {
            var limit = (low + high) / 2;
            var spent = costs.Aggregate(0m, (sum, cost) => sum + (sum > limit ? cost.Less : cost.Full));
            (low, high) = spent / limit > use ? (limit, high) : (low, limit);
        }

        return Math.Round(high, 6);
    }

    private static List<PricedRow> Traffic(Rhythm rhythm, int seed, DateTimeOffset from, DateTimeOffset to, double times = 1)
    {
        var random = new Random(seed);
        var rows = new List<PricedRow>();
        var at = from;
        while (true)
        {
            // Thinned from the busiest pace, as arrivals that know nothing of each other are.
            at = at.AddMinutes(-Math.Log(1 - random.NextDouble()) / (BusiestPerMinute * times));
            if (at >= to)
            {
                return rows;
            }

            if (random.NextDouble() < Level(rhythm, at))
            {
                var request = Requests.Of("gpt-5").At(at).Tokens(random.Next(1_000, 9_000), random.Next(100, 900)).By("story").Build();
                var priced = PriceBook.BuiltIn.Price(request);
                rows.Add(new PricedRow(request, priced.Provider, priced.Cost));
            }
        }
    }

    private static double Level(Rhythm rhythm, DateTimeOffset at) => rhythm switch
    {
        Rhythm.Diurnal => 0.6 + (0.4 * Math.Sin((at.TimeOfDay.TotalHours - 13) / 24 * 2 * Math.PI)),
        Rhythm.Office => at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? Night : at.Hour is >= 8 and < 18 ? 1 : Night,
    };

    private static Usd Total(List<PricedRow> rows) => new(rows.Sum(row => row.Cost!.Value.Nano));
}
