using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Decisions;

/// <summary>A decision as it is answered.</summary>
public sealed record DecisionAnswer
{
    public required DecisionAction Action { get; init; }
    public required string Reason { get; init; }
    public string? Message { get; init; }
    public DegradedModeDocument? DegradedMode { get; init; }
    public DateTimeOffset? ResetsAt { get; init; }
    public required int TtlSeconds { get; init; }
    public required string Mode { get; init; }
    public DecisionAction? WouldBe { get; init; }
    public required NoAnswer OnNoAnswer { get; init; }
    public ReservationAnswer? Reservation { get; init; }
    public required IReadOnlyList<BudgetAnswer> Budgets { get; init; }

    public static DecisionAnswer Of(Decision decision, Hold? hold = null) => new()
    {
        Action = decision.Action,
        Reason = decision.Reason,
        Message = decision.Message,
        DegradedMode = decision.DegradedMode is { } mode ? DegradedModeDocument.Of(mode) : null,
        ResetsAt = decision.ResetsAt,
        TtlSeconds = DecisionEngine.TtlSeconds,
        Mode = decision.Observed ? "observe" : "enforce",
        WouldBe = decision.WouldBe,
        OnNoAnswer = decision.Tier == Tier.Tier3 ? NoAnswer.KeepThenAllow : NoAnswer.Allow,
        Reservation = hold is null ? null : new ReservationAnswer(hold.ExternalId, hold.Amount.Dollars, hold.ExpiresAt, hold.Basis),
        Budgets = [.. decision.Budgets.Take(DecisionEngine.MostBudgets).Select(BudgetAnswer.Of)],
    };

    /// <summary>What a caller does when no answer comes within 100 ms.</summary>
    /// <param name="Action">What to do in the end.</param>
    /// <param name="KeepLastSeconds">How long the last answer is kept before that.</param>
    public sealed record NoAnswer(DecisionAction Action, int KeepLastSeconds)
    {
        public static readonly NoAnswer Allow = new(DecisionAction.Allow, 0);
        public static readonly NoAnswer KeepThenAllow = new(DecisionAction.Allow, 15 * 60);
    }

    /// <summary>What is held for the call.</summary>
    /// <param name="ExternalRequestId">The id that ends it when the request arrives under it.</param>
    /// <param name="HeldUsd">How much.</param>
    /// <param name="ExpiresAt">When it expires, exclusive.</param>
    /// <param name="Basis">Where the amount comes from.</param>
    public sealed record ReservationAnswer(string ExternalRequestId, decimal HeldUsd, DateTimeOffset ExpiresAt, HoldBasis Basis);

    /// <summary>What one matching budget says.</summary>
    public sealed record BudgetAnswer
    {
        public required string Id { get; init; }
        public required string Name { get; init; }
        public string? Key { get; init; }
        public required BudgetState State { get; init; }
        public required DecisionAction Action { get; init; }
        public decimal? LimitUsd { get; init; }
        public required decimal SpentUsd { get; init; }
        public required decimal HeldUsd { get; init; }
        public decimal? RemainingUsd { get; init; }
        public DateTimeOffset? ResetsAt { get; init; }

        public static BudgetAnswer Of(BudgetDecision decision)
        {
            var spent = decision.Reading.Sums.Spend;
            var limit = decision.Reading.Limits.Usd;
            return new BudgetAnswer
            {
                Id = decision.Budget.Id,
                Name = decision.Budget.Name,
                Key = decision.Reading.Key,
                State = decision.State,
                Action = decision.Action,
                LimitUsd = limit?.Dollars,
                SpentUsd = spent.Dollars,
                HeldUsd = decision.Held.All.Dollars,
                RemainingUsd = limit is { } most ? Usd.Max(most - spent - decision.Held.All, Usd.Zero).Dollars : null,
                ResetsAt = decision.ResetsAt,
            };
        }
    }
}
