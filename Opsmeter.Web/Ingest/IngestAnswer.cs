using System.Text.Json;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Ingest;

/// <summary>The answer to one row. The members after the decision are those of the contract that clients know.</summary>
/// <param name="answer">What became of the row.</param>
/// <param name="warnings">The codes of its warnings.</param>
/// <param name="decision">What a decision for the same dimensions would now say.</param>
internal sealed class IngestAnswer(LedgerAnswer answer, IReadOnlyList<string> warnings, Decision decision) : BufferedAnswer
{
    /// <inheritdoc />
    protected override void Write(Utf8JsonWriter json)
    {
        var worst = Worst();
        json.WriteStartObject();
        json.WriteBoolean("ok"u8, true);
        json.WriteBoolean("duplicate"u8, answer.Outcome == LedgerOutcome.Duplicate);
        json.WriteDollars("costUsd"u8, answer.Cost);
        json.WriteBoolean("priced"u8, answer.Cost is not null);
        json.WriteStartArray("warnings"u8);
        foreach (var warning in warnings)
        {
            json.WriteStringValue(warning);
        }

        json.WriteEndArray();
        json.WriteBoolean("budgetWarning"u8, worst >= BudgetState.Warning);
        json.WriteBoolean("budgetExceeded"u8, worst == BudgetState.Exceeded);
        json.WriteString("reason"u8, decision.Action == DecisionAction.Block ? decision.Reason : null);
        json.WriteStartObject("decision"u8);
        json.WriteWord<DecisionAction>("action"u8, decision.Action);
        json.WriteString("reason"u8, decision.Reason);
        json.WriteString("message"u8, decision.Message);
        json.WriteInstant("resetsAt"u8, decision.ResetsAt);
        json.WriteMode("degradedMode"u8, decision.DegradedMode);
        json.WriteEndObject();
        json.WriteString("planTier"u8, "self-hosted"u8);
        json.WriteBoolean("telemetryPaused"u8, false);
        json.WriteBoolean("providerCallsContinue"u8, true);
        json.WriteBoolean("isPlanLimitReached"u8, false);
        json.WriteEndObject();
    }

    private BudgetState Worst()
    {
        var worst = BudgetState.Ok;
        for (var i = 0; i < decision.Budgets.Count; i++)
        {
            var state = decision.Budgets[i].Reading.Standing.State;
            worst = state > worst ? state : worst;
        }

        return worst;
    }
}
