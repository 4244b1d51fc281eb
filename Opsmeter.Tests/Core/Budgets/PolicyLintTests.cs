using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Core.Budgets;

/// <summary>The policy check finds each of its cases, and nothing where none is.</summary>
public sealed class PolicyLintTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 17, 12, 0, 0, TimeSpan.Zero);

    private static readonly Budget Workspace = TestBudgets.Monthly(1_000).Named("workspace") with { Cap = Cap.Soft };

    private static readonly Budget Agents = TestBudgets.Daily(50).Named("agents") with
    {
        Cap = Cap.Hard, Conditions = [new Condition(Dimension.EndpointTag, ["agents.*"])],
    };

    private static readonly Budget Tenants = TestBudgets.Daily(20).Named("tenants") with { Cap = Cap.Degrade, Per = Dimension.TenantId };

    [Fact]
    public void Check_GoodPolicy_FindsNothing() => Rules(new Prepared()).Should().BeEmpty();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Check_OneThingWrong_FindsItAlone(LintRule rule, string? budget, Prepared prepared)
    {
        var findings = Check(prepared);

        findings.Select(finding => (finding.Rule, finding.BudgetId)).Should().Equal((rule, budget is null ? null : "bud_" + budget));
    }

    public static TheoryData<LintRule, string?, Prepared> Cases() => new()
    {
        { LintRule.NoOwner, "agents", new() { Ownerless = "bud_agents" } },
        { LintRule.NoBackup, "agents", new() { Alone = "bud_agents" } },
        { LintRule.HardWithoutBurnRate, "agents", new() { Agents = Agents.Immediate() } },
        { LintRule.HardCoversTier1, "agents", new() { AgentsTier = Tier.Tier1 } },
        { LintRule.CountsOtherTraffic, "agents", new() { Agents = Agents with { Environments = [DeploymentEnvironment.Prod, DeploymentEnvironment.Staging] } } },
        { LintRule.CountsOtherTraffic, "agents", new() { Agents = Agents with { DataModes = [DataMode.Real, DataMode.Test] } } },
        { LintRule.NotAsked, "agents", new() { Asks = new LintAsks(Usd.FromDollars(1), 0.94m, null, Usd.Zero) } },
        { LintRule.NotObeyed, "agents", new() { Asks = new LintAsks(Usd.FromDollars(1), 1, 0.89m, Usd.Zero) } },
        { LintRule.SpentWhileBlocked, "agents", new() { Asks = new LintAsks(Usd.FromDollars(1), 1, 1, new Usd(1)) } },
        { LintRule.Unclassified, null, new() { Extra = [Row("new.endpoint", 0.01m)] } },
        { LintRule.Unpriced, null, new() { Extra = [.. Enumerable.Repeat(Row("chat.reply", null), 20)] } },
        { LintRule.MatchedNothing, "agents", new() { LastAgentsHoursAgo = 30 } },
        { LintRule.LowCoverage, "tenants", new() { Extra = [Row("chat.reply", 20) with { Tenant = null }] } },
        { LintRule.NoTotal, "tenants", new() { Tenants = Tenants with { Conditions = [new Condition(Dimension.EndpointTag, ["*"])] } } },
        { LintRule.LimitTooSmall, "agents", new() { Agents = Agents with { Limits = new Limits(Usd.FromDollars(4.99m), null, null) } } },
        { LintRule.ArrivesLate, "agents", new() { AgentsLate = TimeSpan.FromMinutes(6), Tenants = Tenants with { Enabled = false } } },
    };

    [Fact]
    public void Check_NoTotal_IsFoundWhereOnlyOtherConditionsCountTogether()
    {
        var findings = Check(new Prepared { Workspace = Workspace with { Conditions = [new Condition(Dimension.EndpointTag, ["chat.*", "agents.*"])] } });

        findings.Select(finding => finding.Rule).Should().Equal(LintRule.NoTotal);
    }

    [Fact]
    public void Check_NothingCountsIt_TellsTheShareOfSpendByEndpoint()
    {
        var prepared = new Prepared { Workspace = Workspace with { Enabled = false }, Tenants = Tenants with { Enabled = false } };

        var finding = Check(prepared).Should().ContainSingle().Subject;

        (finding.Rule, finding.Amount).Should().Be((LintRule.Uncovered, Usd.FromDollars(20)));
        finding.Share.Should().Be(0.5m);
        finding.Endpoints.Should().Equal("chat.reply");
    }

    [Fact]
    public void Check_OnlyTotals_IsSaidOfTheWorkspace() =>
        Rules(new Prepared { Agents = Agents with { Enabled = false }, Tenants = Tenants with { Enabled = false } }).Should().Equal(LintRule.WorkspaceOnly);

    [Fact]
    public void Check_SpendAfterItsHour_IsFound()
    {
        var hourly = TestBudgets.Hourly(50).Named("agents") with { Conditions = Agents.Conditions };

        var findings = Check(new Prepared { Agents = hourly, AgentsLate = TimeSpan.FromHours(2), Workspace = Workspace with { Enabled = false }, Tenants = Tenants with { Enabled = false } });

        findings.Select(finding => finding.Rule).Should().Equal(LintRule.Uncovered, LintRule.ArrivesLate, LintRule.ArrivesAfterWindow);
        findings[1].Delay!.Value.TotalMinutes.Should().BeApproximately(120, 6);
        findings[2].Share.Should().Be(1);
    }

    [Fact]
    public void Check_OldRequestsBroughtIn_AreNotLate() => Rules(new Prepared { AgentsLate = TimeSpan.FromDays(2) }).Should().BeEmpty();

    [Fact]
    public void Check_OneInFiftyCostsFarMore_WantsTwiceTheRequests()
    {
        // 0.1 on average of 200, and two of them at more than ten times that: the mean is 0.12.
        var dear = Enumerable.Repeat(Row("agents.research", 2.1m), 3).ToArray();

        Check(new Prepared { Extra = dear, Agents = Agents with { Limits = new Limits(Usd.FromDollars(12), null, null) } })
            .Should().ContainSingle().Which.LeastLimit!.Value.Dollars.Should().BeApproximately(12.96m, 0.01m);
        Rules(new Prepared { Extra = dear, Agents = Agents with { Limits = new Limits(Usd.FromDollars(13), null, null) } }).Should().BeEmpty();
    }

    [Fact]
    public void Check_ShortOfEvidence_DoesNotJudge()
    {
        // The first request of a window, and a workspace that is younger than a day.
        Rules(new Prepared { Asks = new LintAsks(Usd.FromDollars(0.49m), 0, null, Usd.Zero) }).Should().BeEmpty();
        Rules(new Prepared { LastAgentsHoursAgo = 30, Span = TimeSpan.FromHours(23) }).Should().BeEmpty();
    }

    private static SentRow Row(string endpoint, decimal? usd) => new(endpoint, usd, "t1", Now.AddMinutes(-30), TimeSpan.FromSeconds(1));

    private static IEnumerable<LintRule> Rules(Prepared prepared) => Check(prepared).Select(finding => finding.Rule);

    private static IReadOnlyList<LintFinding> Check(Prepared prepared)
    {
        Budget[] budgets = [prepared.Workspace, prepared.Agents, prepared.Tenants];
        TierEntry[] tiers =
        [
            new() { Pattern = new Pattern("agents.*"), Tier = prepared.AgentsTier }, new() { Pattern = new Pattern("chat.*"), Tier = Tier.Tier1 },
        ];
        var policy = new WorkspacePolicy(new WorkspaceSettings(), budgets, tiers, new WorkspaceSettings.Rates(10m, 40m));
        var scan = new LintScan(policy, new TimeWindow(Now - prepared.Span, Now));
        foreach (var row in prepared.Rows().OrderBy(row => row.At))
        {
            scan.Take(row.ToRow(), row.At + row.Late);
        }

        var people = budgets.ToDictionary(
            budget => budget.Id, budget => new LintPeople(prepared.Ownerless != budget.Id, prepared.Alone != budget.Id));
        var asks = new Dictionary<string, LintAsks> { ["bud_agents"] = prepared.Asks };
        return PolicyLint.Check(policy, scan, people, asks);
    }

    /// <summary>A workspace that is in order, but for what a test changes.</summary>
    public sealed record Prepared
    {
        public Budget Workspace { get; init; } = PolicyLintTests.Workspace;

        public Budget Agents { get; init; } = PolicyLintTests.Agents;

        public Budget Tenants { get; init; } = PolicyLintTests.Tenants;

        public Tier AgentsTier { get; init; } = Tier.Tier3;

        public string? Ownerless { get; init; }

        public string? Alone { get; init; }

        public LintAsks Asks { get; init; } = new(Usd.FromDollars(1), 0.95m, 0.90m, Usd.Zero);

        public IReadOnlyList<SentRow> Extra { get; init; } = [];

        public int LastAgentsHoursAgo { get; init; } = 1;

        public TimeSpan AgentsLate { get; init; } = TimeSpan.FromSeconds(1);

        public TimeSpan Span { get; init; } = TimeSpan.FromDays(7);

        internal IEnumerable<SentRow> Rows()
        {
            for (var i = 0; i < 200; i++)
            {
                yield return new SentRow("agents.research", 0.1m, "t1", Now.AddHours(-LastAgentsHoursAgo).AddSeconds(-i), AgentsLate);
                yield return new SentRow("chat.reply", 0.1m, "t1", Now.AddHours(-1).AddSeconds(-i), TimeSpan.FromSeconds(1));
            }

            foreach (var row in Extra)
            {
                yield return row;
            }
        }
    }

    public sealed record SentRow(string Endpoint, decimal? Usd, string? Tenant, DateTimeOffset At, TimeSpan Late)
    {
        internal PricedRow ToRow() => new(
            new LlmRequest
            {
                ExternalRequestId = "r", Provider = "openai", Model = "gpt-5-mini", EndpointTag = Endpoint, PromptVersion = "v1",
                TenantId = Tenant, Usage = new TokenUsage(10, 10), OccurredAt = At,
            },
            "openai",
            Usd is { } usd ? Opsmeter.Core.Usd.FromDollars(usd) : null);
    }
}
