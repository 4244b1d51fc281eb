using AwesomeAssertions;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Core.Decisions;

public sealed class ContainmentTests
{
    private static readonly DateTimeOffset Now = TestWorkspace.Instant("2026-11-23T14:00:00Z");
    private static readonly DegradedMode Smaller = new() { Model = "gpt-5-mini", MaxOutputTokens = 512 };

    [Theory]
    [InlineData(ContainmentAction.Block, DecisionAction.Block)]
    [InlineData(ContainmentAction.Degrade, DecisionAction.Degrade)]
    [InlineData(ContainmentAction.Exempt, DecisionAction.Allow)]
    public void Decide_Contained_GoesBeforeTheBudgets(ContainmentAction action, DecisionAction expected)
    {
        var decision = Decide(Query("tenant_a"), [Tenant(action)], Exceeded());

        (decision.Action, decision.Reason).Should().Be((expected, "contained"));
        decision.ResetsAt.Should().Be(Now.AddHours(1));
        decision.Budgets.Should().ContainSingle().Which.Action.Should().Be(DecisionAction.Block, "it is still said what the budget thinks");
        (decision.Message is not null).Should().Be(action == ContainmentAction.Block);
    }

    [Fact]
    public void Decide_AnotherValue_IsLeftToTheBudgets() =>
        Decide(Query("tenant_b"), [Tenant(ContainmentAction.Block)]).Reason.Should().Be("no_budget");

    [Fact]
    public void Decide_WithoutTheDimension_IsNotContained() =>
        Decide(Query(null), [Tenant(ContainmentAction.Block)]).Reason.Should().Be("no_budget");

    [Fact]
    public void Decide_AtItsEnd_TakesNoPart()
    {
        var contained = Tenant(ContainmentAction.Block);

        Decide(Query("tenant_a"), [contained], at: contained.Until.AddTicks(-1)).Reason.Should().Be("contained");
        Decide(Query("tenant_a"), [contained], at: contained.Until).Reason.Should().Be("no_budget");
    }

    [Theory]
    [InlineData("agents.research")]
    [InlineData("agents.*")]
    public void Decide_WithinAnEndpoint_HoldsThereAlone(string endpoint)
    {
        var contained = Tenant(ContainmentAction.Block) with { WithinEndpoint = endpoint };

        Decide(Query("tenant_a", "agents.research"), [contained]).Reason.Should().Be("contained");
        Decide(Query("tenant_a", "chat.reply"), [contained]).Reason.Should().Be("no_budget");
    }

    [Fact]
    public void Decide_Several_BlockThenDegradeThenExempt_TheLongestOfTheStrictest()
    {
        var later = Now.AddHours(3);
        Containment[] all =
        [
            Tenant(ContainmentAction.Exempt) with { Until = Now.AddDays(7) }, Tenant(ContainmentAction.Block) with { Until = later },
            Tenant(ContainmentAction.Degrade), Tenant(ContainmentAction.Block),
        ];

        var decision = Decide(Query("tenant_a"), all);

        (decision.Action, decision.ResetsAt).Should().Be((DecisionAction.Block, later));
        Decide(Query("tenant_a"), [all[0], all[2]]).Action.Should().Be(DecisionAction.Degrade);
    }

    [Theory]
    [InlineData(Dimension.Model, "GPT-5", true)]
    [InlineData(Dimension.TenantId, "TENANT_A", false)]
    [InlineData(Dimension.UserId, "user_*", false)]
    [InlineData(Dimension.ApiKey, "opm_12345678", true)]
    [InlineData(Dimension.EndpointTag, "chat.reply", true)]
    public void Decide_Value_ComparesAsConditionsDoWithoutPatterns(Dimension dimension, string value, bool holds) =>
        (Decide(Query("tenant_a"), [Tenant(ContainmentAction.Block) with { Dimension = dimension, Value = value }]).Reason == "contained")
            .Should().Be(holds);

    [Fact]
    public void Decide_Block_SaysTheTiersMessageElseTheBuiltInOne()
    {
        var entry = new TierEntry { Pattern = new Pattern("chat.*"), Tier = Tier.Tier3, BlockMessage = "Back in {resetsIn}." };

        Decide(Query("tenant_a"), [Tenant(ContainmentAction.Block)], tiers: [entry]).Message.Should().Be("Back in 1 h.");
        Decide(Query("tenant_a"), [Tenant(ContainmentAction.Block)]).Message.Should().Contain("15:00");
    }

    [Fact]
    public void Decide_Degrade_TakesTheTiersModeElseTheCallers()
    {
        var entry = new TierEntry { Pattern = new Pattern("chat.*"), Tier = Tier.Tier2, DegradedMode = Smaller };
        Containment[] contained = [Tenant(ContainmentAction.Degrade)];

        Decide(Query("tenant_a"), contained, tiers: [entry]).DegradedMode.Should().Be(Smaller);
        Decide(Query("tenant_a"), contained).DegradedMode.Should().Be(DegradedMode.CallersChoice);
    }

    [Fact]
    public void Decide_DegradeOfACallWithinTheMode_IsAlreadyDegraded()
    {
        var entry = new TierEntry { Pattern = new Pattern("chat.*"), Tier = Tier.Tier2, DegradedMode = new DegradedMode { Model = "gpt-5" } };

        var decision = Decide(Query("tenant_a"), [Tenant(ContainmentAction.Degrade)], tiers: [entry]);

        (decision.Action, decision.Reason).Should().Be((DecisionAction.Allow, "already_degraded"));
    }

    [Fact]
    public void Decide_Observing_SaysWhatItWouldBe()
    {
        var decision = Decide(Query("tenant_a"), [Tenant(ContainmentAction.Block)], settings: new WorkspaceSettings { Observe = true });

        (decision.Action, decision.WouldBe, decision.Reason, decision.Message)
            .Should().Be((DecisionAction.Allow, DecisionAction.Block, "contained", null));
    }

    [Fact]
    public void Decide_FreeModel_IsContainedAllTheSame() =>
        Decide(Query("tenant_a") with { IsFreeModel = true }, [Tenant(ContainmentAction.Block)]).Action.Should().Be(DecisionAction.Block);

    private static Containment Tenant(ContainmentAction action) => new("con_1", Dimension.TenantId, "tenant_a", null, action, Now.AddHours(1));

    private static DecisionQuery Query(string? tenant, string endpoint = "chat.reply") => new()
    {
        Dimensions = new Dimensions
        {
            EndpointTag = endpoint, Provider = "openai", Model = "gpt-5", TenantId = tenant, UserId = "user_1", ApiKey = "opm_12345678",
        },
    };

    // A hard cap past its ceiling: without a containment it blocks.
    private static BudgetBoard Exceeded()
    {
        var board = new BudgetBoard(TestBudgets.Daily(10m) with { Cap = Cap.Hard });
        board.Publish(
            board.Read(null, Now) with
            {
                Sums = new Opsmeter.Core.Metering.WindowSums(Opsmeter.Core.Usd.FromDollars(12m), default, default, 1, 0, 0),
                Standing = new Standing(BudgetState.Exceeded, true, Now),
            },
            Now);
        return board;
    }

    private static Decision Decide(
        DecisionQuery query, Containment[] containments, BudgetBoard? board = null, TierEntry[]? tiers = null, WorkspaceSettings? settings = null,
        DateTimeOffset? at = null)
    {
        BudgetBoard[] boards = board is null ? [] : [board];
        var policy = new WorkspacePolicy(
            settings ?? new WorkspaceSettings(), boards.Select(each => each.Budget), tiers ?? [], new WorkspaceSettings.Rates(10m, 40m));
        return DecisionEngine.Decide(new PolicyBoard(policy, boards, null, containments), query, at ?? Now);
    }
}
