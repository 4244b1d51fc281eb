using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Tests.Support;
using Opsmeter.Tests.Web.Decisions;
using Xunit;

namespace Opsmeter.Tests.Core.Decisions;

public sealed class DecisionEngineTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly DegradedMode Mini = new() { Model = "gpt-5-mini", MaxOutputTokens = 512 };

    [Fact]
    public void Decide_NoBudgetMatches_AllowsWithNoBudget()
    {
        var staging = TestBudgets.Daily(10m) with { Environments = [DeploymentEnvironment.Staging] };

        var decision = Decide(Stands(staging, 100m, confirmed: true));

        decision.Action.Should().Be(DecisionAction.Allow);
        decision.Reason.Should().Be("no_budget");
        decision.ResetsAt.Should().BeNull();
        decision.Budgets.Should().BeEmpty();
    }

    [Fact]
    public void Decide_BlockDegradeAndAllow_BlocksAndListsTheStrictestFirst()
    {
        var decision = Decide(
            Stands(TestBudgets.Daily(10m).Named("fine"), 1m),
            Stands(TestBudgets.Daily(10m).Named("warning") with { Cap = Cap.Degrade, DegradedMode = Mini }, 9m),
            Stands(TestBudgets.Hourly(10m).Named("over") with { Cap = Cap.Hard }, 12m, confirmed: true));

        decision.Action.Should().Be(DecisionAction.Block);
        decision.Reason.Should().Be("hard_exceeded_confirmed");
        decision.Budgets.Select(each => each.Budget.Name).Should().Equal("over", "warning", "fine");
        decision.Message.Should().Be("This feature is paused until 13:00. Please try again then.");
        decision.DegradedMode.Should().BeNull("a blocked caller does nothing");
        decision.ResetsAt.Should().Be(Now.AddHours(1), "only the blocking budget's end counts");
    }

    [Fact]
    public void Decide_SameAction_OrdersByStateThenUseThenName()
    {
        var cap = TestBudgets.Daily(10m) with { Cap = Cap.Degrade };

        var decision = Decide(
            Stands(cap.Named("b"), 9m), Stands(cap.Named("a"), 9m), Stands(cap.Named("worst"), 11m), Stands(cap.Named("higher"), 9.5m));

        decision.Budgets.Select(each => each.Budget.Name).Should().Equal("worst", "higher", "a", "b");
        decision.Reason.Should().Be("degrade_exceeded");
    }

    [Fact]
    public void Decide_SeveralDegrade_MergesTheSmallestNumbersAnyToolsOffAndTheStrictestModel()
    {
        var cap = TestBudgets.Daily(10m) with { Cap = Cap.Degrade };

        var decision = Decide(
            Stands(cap.Named("first") with { DegradedMode = new() { MaxOutputTokens = 800, AllowedTools = ["read", "find"] } }, 11m),
            Stands(cap.Named("second") with { DegradedMode = new() { Model = "gpt-5-nano", MaxInputTokens = 4_000, MaxOutputTokens = 900 } }, 9.5m),
            Stands(cap.Named("third") with { DegradedMode = new() { Model = "other", MaxOutputTokens = 300, DisableTools = true, AllowedTools = ["find"] } }, 9m),
            Stands(TestBudgets.Daily(10m).Named("fine") with { DegradedMode = new() { MaxOutputTokens = 1 } }, 1m));

        decision.Action.Should().Be(DecisionAction.Degrade);
        decision.Message.Should().BeNull();
        decision.DegradedMode.Should().Be(new DegradedMode
        {
            Model = "gpt-5-nano", MaxOutputTokens = 300, MaxInputTokens = 4_000, DisableTools = true, AllowedTools = ["find"],
        });
    }

    [Fact]
    public void Decide_BudgetWithoutMode_TakesTheTierEntrysElseTheCallersChoice()
    {
        var budget = Stands(TestBudgets.Daily(10m) with { Cap = Cap.Degrade }, 9m);
        var entry = new TierEntry { Pattern = new Pattern("chat.*"), Tier = Tier.Tier2, DegradedMode = Mini };

        Decide(new WorkspaceSettings(), [entry], Query(), budget).DegradedMode.Should().Be(Mini);
        Decide(budget).DegradedMode.Should().Be(DegradedMode.CallersChoice);
    }

    [Fact]
    public void Decide_SeveralOfTheStrictestAction_ResetsAtTheLatestEnd()
    {
        var cap = TestBudgets.Hourly(10m) with { Cap = Cap.Degrade };
        var hour = Stands(cap.Named("hour"), 11m);
        var month = Stands(TestBudgets.Monthly(10m).Named("month") with { Cap = Cap.Degrade }, 9m);
        var total = Stands(TestBudgets.Total(10m).Named("total") with { Cap = Cap.Degrade }, 9m);

        Decide(hour, month).ResetsAt.Should().Be(TestWorkspace.Instant("2026-02-01T00:00:00Z"));
        Decide(hour, total).ResetsAt.Should().BeNull("one of them never resets");
    }

    [Fact]
    public void Decide_ResetsAt_CarriesTheOffsetOfTheBudgetsZone()
    {
        var budget = TestBudgets.Daily(10m) with { Window = new WindowSpec { Kind = WindowKind.Day, TimeZone = "Asia/Kolkata" } };

        Decide(Stands(budget, 9m)).ResetsAt!.Value.ToString("o").Should().StartWith("2026-01-16T00:00:00.0000000+05:30");
    }

    [Fact]
    public async Task Decide_MoreThanTwentyMatch_HeedsAllAndAnswersTwenty()
    {
        var boards = Enumerable.Range(10, 25)
            .Select(n => Stands(TestBudgets.Daily(10m).Named($"b{n}") with { Cap = Cap.Degrade, DegradedMode = new() { MaxOutputTokens = 1_000 - n } }, 9m));

        var decision = Decide([.. boards]);

        decision.Budgets.Should().HaveCount(25);
        (await AnswerText.ReadAsync(decision)).GetProperty("budgets").GetArrayLength().Should().Be(20);
        decision.DegradedMode!.MaxOutputTokens.Should().Be(1_000 - 34);
    }

    [Fact]
    public void Decide_FreeModel_IsNotStoppedByMoney()
    {
        var board = Stands(TestBudgets.Daily(10m) with { Cap = Cap.Hard }, 20m, confirmed: true);

        var decision = Decide(new WorkspaceSettings(), [], Query() with { IsFreeModel = true }, board);

        decision.Action.Should().Be(DecisionAction.Allow);
        decision.Reason.Should().Be("free_model");
    }

    [Fact]
    public void Decide_FreeModelOverALimitInRequests_IsStoppedAllTheSame()
    {
        var budget = TestBudgets.Daily(10m) with { Cap = Cap.Degrade, Limits = new Limits(Usd.FromDollars(10m), 5, null) };

        var decision = Decide(new WorkspaceSettings(), [], Query() with { IsFreeModel = true }, Stands(budget, 20m, requests: 6));

        decision.Action.Should().Be(DecisionAction.Degrade);
        decision.Reason.Should().Be("degrade_exceeded");
    }

    [Fact]
    public void Decide_FreeModelWithinBudget_SaysWithinBudget() =>
        Decide(new WorkspaceSettings(), [], Query() with { IsFreeModel = true }, Stands(TestBudgets.Daily(10m), 1m))
            .Reason.Should().Be("within_budget");

    [Fact]
    public void Decide_ObserveMode_AllowsAndSaysWhatWouldHaveBeen()
    {
        var observe = new WorkspaceSettings { Observe = true };

        var blocked = Decide(observe, [], Query(), Stands(TestBudgets.Daily(10m) with { Cap = Cap.Hard }, 12m, confirmed: true));
        var degraded = Decide(observe, [], Query(), Stands(TestBudgets.Daily(10m) with { Cap = Cap.Degrade, DegradedMode = Mini }, 9m));

        blocked.Action.Should().Be(DecisionAction.Allow);
        blocked.WouldBe.Should().Be(DecisionAction.Block);
        blocked.Observed.Should().BeTrue();
        blocked.Reason.Should().Be("hard_exceeded_confirmed");
        blocked.Message.Should().BeNull();
        degraded.WouldBe.Should().Be(DecisionAction.Degrade);
        degraded.DegradedMode.Should().BeNull();
    }

    [Theory]
    [InlineData("gpt-5-mini", 512L, "already_degraded")]
    [InlineData("GPT-5-mini", 100L, "already_degraded")]
    [InlineData("gpt-5-mini", 513L, "degrade_warning")]
    [InlineData("gpt-5-mini", null, "degrade_warning")]
    [InlineData("gpt-5", 100L, "degrade_warning")]
    public void Decide_CallerWithinTheMode_AllowsAsAlreadyDegraded(string model, long? maxOutput, string reason)
    {
        var query = Query(model) with { MaxOutputTokens = maxOutput };

        var decision = Decide(
            new WorkspaceSettings(), [], query, Stands(TestBudgets.Daily(10m) with { Cap = Cap.Degrade, DegradedMode = Mini }, 9m));

        decision.Reason.Should().Be(reason);
        decision.Action.Should().Be(reason == "already_degraded" ? DecisionAction.Allow : DecisionAction.Degrade);
    }

    [Fact]
    public void Decide_ModeAboutToolsAlone_IsNeverTakenAsMet()
    {
        var budget = TestBudgets.Daily(10m) with { Cap = Cap.Degrade, DegradedMode = new() { DisableTools = true } };

        Decide(Stands(budget, 9m)).Action.Should().Be(DecisionAction.Degrade);
    }

    [Theory]
    [InlineData(9, false, DecisionAction.Allow, "on_plan")]
    [InlineData(9, true, DecisionAction.Degrade, "tier2_warning")]
    [InlineData(11, false, DecisionAction.Degrade, "tier2_exceeded")]
    [InlineData(1, false, DecisionAction.Allow, "within_budget")]
    public void Decide_DegradeAtOverPlan_DegradesAtWarningOnlyWhileOverPlan(
        int spend, bool overPlan, DecisionAction action, string reason)
    {
        var budget = TestBudgets.Daily(10m) with { DegradeAt = DegradeAt.OverPlan };

        var decision = Decide(Stands(budget, spend, overPlan: overPlan));

        decision.Action.Should().Be(action);
        decision.Reason.Should().Be(reason);
    }

    [Fact]
    public void Decide_HardCapAndTier1_BlocksOnlyWithBlockTier1()
    {
        var entry = new TierEntry { Pattern = new Pattern("chat.reply"), Tier = Tier.Tier1 };
        var hard = TestBudgets.Daily(10m) with { Cap = Cap.Hard };

        Decide(new WorkspaceSettings(), [entry], Query(), Stands(hard, 12m, confirmed: true)).Action
            .Should().Be(DecisionAction.Degrade);
        Decide(new WorkspaceSettings(), [entry], Query(), Stands(hard with { BlockTier1 = true }, 12m, confirmed: true)).Action
            .Should().Be(DecisionAction.Block);
    }

    [Fact]
    public void Decide_BlockMessage_IsTheBudgetsElseTheTiers()
    {
        var entry = new TierEntry { Pattern = new Pattern("chat.*"), Tier = Tier.Tier3, BlockMessage = "Back in {resetsIn}." };
        var budget = TestBudgets.Hourly(10m) with { Cap = Cap.Hard };

        Decide(new WorkspaceSettings(), [entry], Query(), Stands(budget, 12m, confirmed: true)).Message.Should().Be("Back in 1 h.");
        Decide(new WorkspaceSettings(), [entry], Query(), Stands(budget with { BlockMessage = "Paused." }, 12m, confirmed: true))
            .Message.Should().Be("Paused.");
    }

    [Fact]
    public void Decide_KeyOfAPerBudget_ReadsThatKeyAlone()
    {
        var board = Stands(TestBudgets.Daily(10m) with { Per = Dimension.TenantId, Cap = Cap.Degrade }, 12m, key: "tenant_a");

        Decide(new WorkspaceSettings(), [], Query(tenant: "tenant_a"), board).Reason.Should().Be("degrade_exceeded");
        Decide(new WorkspaceSettings(), [], Query(tenant: "tenant_b"), board).Reason.Should().Be("within_budget");
        Decide(new WorkspaceSettings(), [], Query(), board).Reason.Should().Be("no_budget");
    }

    private static Decision Decide(params BudgetBoard[] boards) => Decide(new WorkspaceSettings(), [], Query(), boards);

    private static Decision Decide(
        WorkspaceSettings settings, IEnumerable<TierEntry> tiers, DecisionQuery query, params BudgetBoard[] boards)
    {
        var policy = new WorkspacePolicy(settings, boards.Select(board => board.Budget), tiers, new WorkspaceSettings.Rates(10m, 40m));
        return DecisionEngine.Decide(new PolicyBoard(policy, boards), query, Now);
    }

    private static DecisionQuery Query(string model = "gpt-5", string? tenant = null) => new()
    {
        Dimensions = new Dimensions { EndpointTag = "chat.reply", Provider = "openai", Model = model, TenantId = tenant },
    };

    /// <summary>A board whose running window has spent this much.</summary>
    private static BudgetBoard Stands(
        Budget budget, decimal spent, bool confirmed = false, int requests = 0, bool overPlan = false, string? key = null)
    {
        var board = new BudgetBoard(budget);
        var empty = board.Read(key, Now);
        var sums = new WindowSums(Usd.FromDollars(spent), default, default, requests, 0, 0);
        var state = BudgetEvaluator.StateOf(sums, empty.Limits, budget.WarnAt);
        board.Publish(
            empty with
            {
                Sums = sums,
                Standing = new Standing(state, confirmed, OverPlanSince: overPlan ? Now : null),
                Use = BudgetEvaluator.Use(sums, empty.Limits),
            },
            Now);
        return board;
    }
}
