using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Replay;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Core.Replay;

public sealed class PolicyReplayTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TierEntry[] Tiers =
    [
        new() { Pattern = new Pattern("chat.reply"), Tier = Tier.Tier1 },
        new() { Pattern = new Pattern("search"), Tier = Tier.Tier2, DegradedMode = new DegradedMode { Model = "gpt-5-mini", MaxOutputTokens = 300 } },
        new() { Pattern = new Pattern("agents.*"), Tier = Tier.Tier3 },
    ];

    public static TheoryData<int, Cap> SeedsAndCaps => [.. from seed in Enumerable.Range(1, 4) from cap in Enum.GetValues<Cap>() select new TheoryDataRow<int, Cap>(seed, cap)];

    [Theory]
    [MemberData(nameof(SeedsAndCaps))]
    public void AsSent_AnyTraffic_EqualsWhatTheLiveEngineDoes(int seed, Cap cap)
    {
        var budgets = Budgets(cap);
        var traffic = Traffic(seed, days: 20);
        var live = new TestWorkspace(new WorkspaceSettings(), Tiers, budgets);
        foreach (var row in traffic)
        {
            live.Pipeline.Advance(row.Request.OccurredAt);
            live.Report(row, row.Request.OccurredAt);
        }

        var result = Replay(budgets, traffic, new TimeWindow(Start, Start.AddDays(20)));

        result.Transitions.Should().Equal(live.Transitions).And.NotBeEmpty();
        result.AsSent.Spend.Should().Be(Sum(traffic));
        result.AsSent.Should().BeEquivalentTo(new { Degraded = 0, Blocked = 0, Avoided = Usd.Zero, Requests = traffic.Count });
    }

    [Theory]
    [MemberData(nameof(SeedsAndCaps))]
    public void AsObeyed_AnyTraffic_EqualsALiveClientThatAsksAndObeys(int seed, Cap cap)
    {
        var budgets = Budgets(cap);
        var traffic = Traffic(seed, days: 12);
        var live = new TestWorkspace(new WorkspaceSettings(), Tiers, budgets);
        var sent = new List<PricedRow>();
        var (degraded, blocked, avoided) = (0, 0, Usd.Zero);
        foreach (var row in traffic)
        {
            var now = row.Request.OccurredAt;
            live.Pipeline.Advance(now);
            var decision = live.Decide(row, now);
            blocked += decision.Action == DecisionAction.Block ? 1 : 0;
            degraded += decision.Action == DecisionAction.Degrade ? 1 : 0;
            if (decision.Action != DecisionAction.Block)
            {
                var told = decision.Action == DecisionAction.Degrade ? PolicyReplay.Degraded(row, decision.DegradedMode!, PriceBook.BuiltIn) : row;
                live.Report(told, now);
                sent.Add(told);
                avoided += row.Cost is { } full && told.Cost is { } less ? full - less : Usd.Zero;
            }
            else
            {
                avoided += row.Cost ?? Usd.Zero;
            }
        }

        var result = Replay(budgets, traffic, new TimeWindow(Start, Start.AddDays(12)));

        result.ObeyedTransitions.Should().Equal(live.Transitions);
        result.AsObeyed.Should().BeEquivalentTo(
            new { Degraded = degraded, Blocked = blocked, Spend = Sum(sent), Avoided = avoided, Requests = traffic.Count });
        result.Caps[cap].Should().Be(result.AsObeyed);
    }

    [Fact]
    public void Range_InsideAWindow_BeginsWhereTheWindowStoodThen()
    {
        var budgets = new[] { TestBudgets.Monthly(200m) };
        var traffic = Traffic(7, days: 20);
        var live = new TestWorkspace(new WorkspaceSettings(), Tiers, budgets);
        traffic.ForEach(row => live.Report(row, row.Request.OccurredAt));
        var from = Start.AddDays(10);

        var result = Replay(budgets, traffic, new TimeWindow(from, Start.AddDays(20)));

        result.Transitions.Should().Equal(live.Transitions.Where(transition => transition.At >= from));
        result.Windows.Should().ContainSingle().Which.Sent.Should().Be(live.Window("2026-01-15T12:00:00Z", budget: "bud_1").Sums.Spend, "a window is told whole");
        result.AsSent.Spend.Should().Be(Sum(traffic.Where(row => row.Request.OccurredAt >= from)));
    }

    [Fact]
    public void Degraded_FallbackAndCap_CostsWhatTheBookSays()
    {
        var row = Row("gpt-5", Start, 10_000, 5_000, "search");

        var sent = PolicyReplay.Degraded(row, new DegradedMode { Model = "gpt-5-mini", MaxOutputTokens = 1_000 }, PriceBook.BuiltIn);

        sent.Request.Usage.Should().Be(new TokenUsage(10_000, 1_000));
        sent.Cost.Should().Be(Row("gpt-5-mini", Start, 10_000, 1_000, "search").Cost);
        PolicyReplay.Degraded(row, DegradedMode.CallersChoice, PriceBook.BuiltIn).Should().BeSameAs(row);
    }

    private static ReplayResult Replay(Budget[] budgets, List<PricedRow> traffic, TimeWindow range)
    {
        var policy = new WorkspacePolicy(new WorkspaceSettings { Observe = true }, budgets, Tiers, new WorkspaceSettings.Rates(10m, 40m));
        var replay = new PolicyReplay(policy, PriceBook.BuiltIn, range, TestWorkspace.NoHours, comparesCaps: true);
        foreach (var chunk in traffic.Where(row => row.Request.OccurredAt >= replay.From && row.Request.OccurredAt < range.End).Chunk(100))
        {
            replay.Take(chunk);
        }

        return replay.Result();
    }

    private static Budget[] Budgets(Cap cap) =>
    [
        (TestBudgets.Daily(10m) with { Cap = cap, DegradeAt = DegradeAt.OverPlan }).Named("daily"),
        (TestBudgets.Daily(2.5m) with { Cap = cap, Per = Dimension.TenantId, UnkeyedLimit = Usd.FromDollars(1m) }).Named("tenants"),
        (TestBudgets.Monthly(250m) with { Cap = cap }).Named("month"),
        (TestBudgets.Hourly(1m) with { Cap = cap, Conditions = [new Condition(Dimension.EndpointTag, ["agents.*"])] }).Immediate().Named("agents"),
    ];

    private static List<PricedRow> Traffic(int seed, int days)
    {
        var random = new Random(seed);
        var rows = new List<PricedRow>();
        for (var at = Start; at < Start.AddDays(days); at = at.AddMinutes(random.NextDouble() * (at.Hour is > 7 and < 20 ? 12 : 40)))
        {
            var model = random.Next(20) == 0 ? "unknown-model" : random.Next(3) == 0 ? "gpt-5-mini" : "gpt-5";
            var scale = at.Day % 5 == 0 && at.Hour is > 12 and < 16 ? 12 : 1;
            rows.Add(Row(
                model, at, scale * random.Next(500, 20_000), scale * random.Next(50, 4_000),
                new[] { "chat.reply", "search", "agents.research" }[random.Next(3)], random.Next(6) is var tenant && tenant == 0 ? null : $"tenant_{tenant}"));
        }

        return rows;
    }

    private static PricedRow Row(string model, DateTimeOffset at, long input, long output, string endpoint, string? tenant = null)
    {
        var request = Requests.Of(model).At(at).Tokens(input, output).By(endpoint).Build() with { TenantId = tenant };
        var priced = PriceBook.BuiltIn.Price(request);
        return new PricedRow(request, priced.Provider, priced.Cost);
    }

    private static Usd Sum(IEnumerable<PricedRow> rows) => rows.Aggregate(Usd.Zero, (sum, row) => sum + (row.Cost ?? Usd.Zero));
}
