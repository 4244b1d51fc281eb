using System.Text.Json;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;

namespace Opsmeter.Web.Decisions;

/// <summary>A decision as it is answered.</summary>
/// <param name="decision">What was decided.</param>
/// <param name="hold">What is held for the call; null where nothing is.</param>
internal sealed class DecisionAnswer(Decision decision, Hold? hold) : BufferedAnswer
{
    // What a caller does when no answer comes within 100 ms: how long the last one is kept before it goes on.
    private const int KeepLastSeconds = 15 * 60;

    /// <inheritdoc />
    protected override void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteWord<DecisionAction>("action"u8, decision.Action);
        json.WriteString("reason"u8, decision.Reason);
        json.WriteString("message"u8, decision.Message);
        json.WriteMode("degradedMode"u8, decision.DegradedMode);
        json.WriteInstant("resetsAt"u8, decision.ResetsAt);
        json.WriteNumber("ttlSeconds"u8, DecisionEngine.TtlSeconds);
        json.WriteString("mode"u8, decision.Observed ? "observe"u8 : "enforce"u8);
        json.WriteWord("wouldBe"u8, decision.WouldBe);
        json.WriteStartObject("onNoAnswer"u8);
        json.WriteWord<DecisionAction>("action"u8, DecisionAction.Allow);
        json.WriteNumber("keepLastSeconds"u8, decision.Tier == Tier.Tier3 ? KeepLastSeconds : 0);
        json.WriteEndObject();
        WriteHold(json);
        json.WriteStartArray("budgets"u8);
        for (var i = 0; i < Math.Min(decision.Budgets.Count, DecisionEngine.MostBudgets); i++)
        {
            WriteBudget(json, decision.Budgets[i]);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteBudget(Utf8JsonWriter json, BudgetDecision budget)
    {
        var spent = budget.Reading.Sums.Spend;
        var limit = budget.Reading.Limits.Usd;
        json.WriteStartObject();
        json.WriteString("id"u8, budget.Budget.Id);
        json.WriteString("name"u8, budget.Budget.Name);
        json.WriteString("key"u8, budget.Reading.Key);
        json.WriteWord<BudgetState>("state"u8, budget.State);
        json.WriteWord<DecisionAction>("action"u8, budget.Action);
        json.WriteDollars("limitUsd"u8, limit);
        json.WriteDollars("spentUsd"u8, spent);
        json.WriteDollars("heldUsd"u8, budget.Held.All);
        json.WriteDollars("remainingUsd"u8, limit is { } most ? Usd.Max(most - spent - budget.Held.All, Usd.Zero) : null);
        json.WriteInstant("resetsAt"u8, budget.ResetsAt);
        json.WriteEndObject();
    }

    private void WriteHold(Utf8JsonWriter json)
    {
        if (hold is null)
        {
            json.WriteNull("reservation"u8);
            return;
        }

        json.WriteStartObject("reservation"u8);
        json.WriteString("externalRequestId"u8, hold.ExternalId);
        json.WriteDollars("heldUsd"u8, hold.Amount);
        json.WriteInstant("expiresAt"u8, hold.ExpiresAt);
        json.WriteWord<HoldBasis>("basis"u8, hold.Basis);
        json.WriteEndObject();
    }
}
