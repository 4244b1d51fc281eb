using AwesomeAssertions;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Metering;
using Opsmeter.Tests.Support;
using Xunit;

namespace Opsmeter.Tests.Web.Decisions;

/// <summary>Every member of a decision's answer, in its order.</summary>
public sealed class DecisionAnswerTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Answer_NothingToSay_HasEveryMember()
    {
        var decision = new Decision { Action = DecisionAction.Allow, Reason = Reason.NoBudget, Tier = Tier.Tier2, Budgets = [] };

        (await AnswerText.OfAsync(decision)).Should().Be(Line("""
            {"action":"allow","reason":"no_budget","message":null,"degradedMode":null,"resetsAt":null,"ttlSeconds":5,
            "mode":"enforce","wouldBe":null,"onNoAnswer":{"action":"allow","keepLastSeconds":0},"reservation":null,"budgets":[]}
            """));
    }

    [Fact]
    public async Task Answer_AllOfIt_HasEveryMember()
    {
        var budget = TestBudgets.Daily(10m).Named("b1") with { Name = "Täglich \"x\"" };
        var reading = new BudgetBoard(budget).Read("acme", Now) with { Sums = new WindowSums(new Usd(9_500_000_001), default, default, 3, 0, 0) };
        var resets = new DateTimeOffset(2026, 1, 16, 0, 0, 0, TimeSpan.FromHours(5.5));
        var decision = new Decision
        {
            Action = DecisionAction.Allow, Reason = Reason.HoldRefused, Message = "Stop.", ResetsAt = resets, Observed = true,
            WouldBe = DecisionAction.Block, Tier = Tier.Tier3, DegradedMode = new DegradedMode { Model = "gpt-5-mini", MaxOutputTokens = 512 },
            Budgets =
            [
                new BudgetDecision
                {
                    Budget = budget, Reading = reading, State = BudgetState.Warning, Action = DecisionAction.Block,
                    Held = new HeldSum(Usd.FromDollars(0.25m), Usd.Zero), Reason = Reason.HoldRefused, ResetsAt = resets,
                },
            ],
        };
        var hold = new Hold { ExternalId = "r/1", Amount = Usd.FromDollars(2m), Basis = HoldBasis.Mean, ExpiresAt = Now, Places = [] };

        (await AnswerText.OfAsync(decision, hold)).Should().Be(Line("""
            {"action":"allow","reason":"hold_refused","message":"Stop.",
            "degradedMode":{"model":"gpt-5-mini","maxOutputTokens":512,"maxInputTokens":null,"disableTools":false,"allowedTools":null},
            "resetsAt":"2026-01-16T00:00:00+05:30","ttlSeconds":5,"mode":"observe","wouldBe":"block",
            "onNoAnswer":{"action":"allow","keepLastSeconds":900},
            "reservation":{"externalRequestId":"r/1","heldUsd":2,"expiresAt":"2026-01-15T12:00:00+00:00","basis":"mean"},
            "budgets":[{"id":"bud_b1","name":"Täglich \"x\"","key":"acme","state":"warning","action":"block","limitUsd":10,
            "spentUsd":9.500000001,"heldUsd":0.25,"remainingUsd":0.249999999,"resetsAt":"2026-01-16T00:00:00+05:30"}]}
            """));
    }

    private static string Line(string text) => text.ReplaceLineEndings("");
}
