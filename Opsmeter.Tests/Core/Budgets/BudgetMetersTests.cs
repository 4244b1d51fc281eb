using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Core.Budgets;

public sealed class BudgetMetersTests
{
    private const string Noon = "2026-01-15T12:00:00Z";
    private static readonly Budget PerTenant = TestBudgets.Daily(10m) with { Per = Dimension.TenantId };

    [Fact]
    public void Report_RequestOutsideTheBudget_CountsNothing()
    {
        var workspace = new TestWorkspace(TestBudgets.Daily(10m) with
        {
            Conditions = [new Condition(Dimension.EndpointTag, ["agents.*"]), new Condition(Dimension.Model, ["GPT-5*"])],
        });
        workspace.Report(Requests.Costing(1m).By("agents.research").At(Noon));
        workspace.Report(Requests.Costing(1m).By("chat.reply").At(Noon));
        workspace.Report(Requests.Of("claude-haiku-4-5").By("agents.research").Costing(1m).At(Noon));
        workspace.Report(Requests.Costing(1m).By("agents.research").In(DeploymentEnvironment.Staging).At(Noon));
        workspace.Report(Requests.Costing(1m).By("agents.research").Mode(DataMode.Demo).At(Noon));

        workspace.Window(Noon).Sums.Should().Be(workspace.Window(Noon).Sums with { Priced = new Usd(Usd.NanoPerDollar), Requests = 1 });
    }

    [Fact]
    public void Report_PerTenant_KeepsAWindowForEachAndAnOverride()
    {
        var workspace = new TestWorkspace(PerTenant with
        {
            Overrides = new Dictionary<string, Usd> { ["tenant_big"] = Usd.FromDollars(100m) },
        });
        workspace.Report(Requests.Costing(9m).Tenant("tenant_small").At(Noon));
        workspace.Report(Requests.Costing(11m).Tenant("tenant_big").At(Noon));
        workspace.Report(Requests.Costing(11m).Tenant("tenant_new").At(Noon));
        workspace.Report(Requests.Costing(50m).At(Noon));

        workspace.Window(Noon, "tenant_small").Standing.State.Should().Be(BudgetState.Warning);
        workspace.Window(Noon, "tenant_big").Standing.State.Should().Be(BudgetState.Ok);
        workspace.Window(Noon, "tenant_new").Standing.State.Should().Be(BudgetState.Exceeded);
        workspace.Ledger.Should().HaveCount(3, "a request without a tenant is not counted");
    }

    [Fact]
    public void Report_WithoutTheDimensionAndAnUnkeyedLimit_CountsAsOneKey()
    {
        var workspace = new TestWorkspace(PerTenant with { UnkeyedLimit = Usd.FromDollars(2m) });

        workspace.Report(Requests.Costing(1.5m).At(Noon));
        workspace.Report(Requests.Costing(0.6m).At(Noon));

        workspace.Window(Noon, Budget.UnkeyedKey).Standing.State.Should().Be(BudgetState.Exceeded);
        workspace.Transitions.Select(transition => transition.Limits.Usd).Should().AllBeEquivalentTo(Usd.FromDollars(2m));
    }

    [Fact]
    public void Report_PerModelInAnotherCase_IsOneKeyWithItsOverride()
    {
        var workspace = new TestWorkspace(TestBudgets.Daily(1m) with
        {
            Per = Dimension.Model,
            Overrides = new Dictionary<string, Usd> { ["GPT-5-mini"] = Usd.FromDollars(100m) },
        });

        workspace.Report(Requests.Of("gpt-5-mini").Costing(30m).At(Noon));
        workspace.Report(Requests.Of("GPT-5-Mini").Costing(30m).At(Noon));

        workspace.Window(Noon, "gpt-5-mini").Sums.Spend.Should().Be(Usd.FromDollars(60m));
        workspace.Transitions.Should().BeEmpty("the override is spelt in another case than the key");
    }

    [Fact]
    public void Report_TemporaryIncrease_CountsInFullForEveryWindowItTouches()
    {
        var increase = new TemporaryIncrease(
            Usd.FromDollars(5m), TestWorkspace.Instant("2026-01-15T23:00:00Z"), TestWorkspace.Instant("2026-01-16T00:00:01Z"), "launch");
        var workspace = new TestWorkspace(TestBudgets.Daily(10m) with { Increase = increase });

        workspace.Report(Requests.Costing(11.9m).At("2026-01-15T01:00:00Z"));
        workspace.Report(Requests.Costing(11.9m).At("2026-01-16T12:00:00Z"));
        workspace.Report(Requests.Costing(11.9m).At("2026-01-17T00:00:00Z"));

        workspace.Transitions.Should().ContainSingle("warning begins at $12 on the two days that the increase touches")
            .Which.Window.Start.Should().Be(TestWorkspace.Instant("2026-01-17T00:00:00Z"));
    }

    [Theory]
    [InlineData(Cap.Hard, "chat.reply", 10, 0)]
    [InlineData(Cap.ByTier, "agents.research", 10, 0)]
    [InlineData(Cap.ByTier, "chat.reply", 0, 10)]
    [InlineData(Cap.Soft, "agents.research", 0, 10)]
    [InlineData(Cap.Degrade, "agents.research", 0, 10)]
    public void Report_Unpriced_CountsAtTheCeilingWhereTheCapSaysSo(Cap cap, string endpoint, int estimated, int apart)
    {
        var tiers = new[] { new TierEntry { Pattern = new Pattern("agents.*"), Tier = Tier.Tier3 } };
        var workspace = new TestWorkspace(new WorkspaceSettings(), tiers, TestBudgets.Daily(100m) with { Cap = cap });

        workspace.Report(Requests.Of("acme-llm").By(endpoint).Tokens(600_000, 100_000).Unpriced().At(Noon));

        var sums = workspace.Window(Noon).Sums;
        sums.Estimated.Should().Be(Usd.FromDollars(estimated));
        sums.EstimatedApart.Should().Be(Usd.FromDollars(apart));
        sums.Unpriced.Should().Be(1);
        sums.Requests.Should().Be(1);
    }

    [Fact]
    public void Report_AfterItsWindowEnded_MovesThatWindowAsLateAndNoDecision()
    {
        var workspace = new TestWorkspace(TestBudgets.Daily(10m).Immediate() with { Cap = Cap.Hard });
        workspace.Report(Requests.Costing(7m).At(Noon));
        workspace.Advance("2026-01-16T00:05:00Z");

        workspace.Report(Requests.Costing(4m).At("2026-01-15T23:59:59Z"), "2026-01-16T00:10:00Z");

        var transition = workspace.Transitions.Should().ContainSingle().Subject;
        transition.Cause.Should().Be(TransitionCause.Late);
        transition.To.Should().Be(new Standing(BudgetState.Exceeded), "nothing is left to block");
        workspace.Window(Noon).Sums.Spend.Should().Be(Usd.FromDollars(11m), "the window is read back from the ledger");
        workspace.Decide(Requests.Of("gpt-5-mini"), "2026-01-16T00:10:01Z").Reason.Should().Be("within_budget");
    }

    [Fact]
    public void Report_FromTheFuture_IsCountedAndEvaluatedAtTheServersNow()
    {
        var workspace = new TestWorkspace(TestBudgets.Daily(10m));

        workspace.Report(Requests.Costing(9m).At("2026-01-15T12:04:00Z"), Noon);

        var transition = workspace.Transitions.Should().ContainSingle().Subject;
        transition.At.Should().Be(TestWorkspace.Instant(Noon));
        transition.To.State.Should().Be(BudgetState.Warning);
        transition.BurnLong.Should().Be(0m, "t has not reached the request");
        workspace.Report(Requests.Costing(2m).At("2026-01-15T12:05:00Z"));
        workspace.Transitions[1].BurnLong.Should().Be(11m * 24 / 10);
    }

    [Fact]
    public void Report_FromTomorrow_LeavesTodayAlone()
    {
        var workspace = new TestWorkspace(TestBudgets.Daily(10m).Immediate() with { Cap = Cap.Hard });

        workspace.Report(Requests.Costing(20m).At("2026-01-16T00:00:00Z"), "2026-01-15T23:59:00Z");

        workspace.Decide(Requests.Of("gpt-5-mini"), "2026-01-15T23:59:30Z").Reason.Should().Be("within_budget");
        workspace.Decide(Requests.Of("gpt-5-mini"), "2026-01-16T00:00:00Z").Reason.Should().Be("hard_exceeded_confirmed");
    }

    [Fact]
    public void Recount_SameHistory_StandsWhereTheLiveBudgetStands()
    {
        var budget = TestBudgets.Daily(10m);
        var workspace = new TestWorkspace(budget);
        var history = Enumerable.Range(0, 40).Select(n => Requests.Costing(0.3m).At($"2026-01-15T{n / 2:00}:{n % 2 * 30:00}:00Z")).ToList();
        history.ForEach(request => workspace.Report(request));
        var recounted = new BudgetMeters(budget, DateTimeOffset.MinValue, (_, _, _) => null, TestWorkspace.NoHours);
        var transitions = new List<Transition>();

        var now = history[^1].Build().OccurredAt;
        foreach (var request in history)
        {
            recounted.Recount(null, request.Build().OccurredAt, new WindowSums(request.Priced().Cost!.Value, default, default, 1, request.Build().Usage.Total, 0), now);
        }

        recounted.EndRecount(_ => false, _ => null, _ => default, now, transitions);

        recounted.DrainChanges().Should().ContainSingle().Which.Record.Should().Be(workspace.Window(Noon));
        transitions.Should().ContainSingle().Which.Cause.Should().Be(TransitionCause.Policy);
    }
}
