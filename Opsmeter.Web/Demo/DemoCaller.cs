using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Replay;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Demo;

/// <summary>The callers of the invented company as callers should be: each asks before it calls, and does as it is told.</summary>
internal sealed class DemoCaller(Boards boards)
{
    /// <summary>Asks for a request and makes it as it was told to.</summary>
    /// <param name="wanted">The request as its caller would have made it.</param>
    /// <param name="now">The server's clock.</param>
    /// <returns>The request as it is made, or null where it was told to stop.</returns>
    public LlmRequest? Call(LlmRequest wanted, DateTimeOffset now)
    {
        var board = boards[Store.WorkspaceId];
        var row = DemoMonthLoader.Price(wanted).Row;
        var query = new DecisionQuery
        {
            Dimensions = Dimensions.Of(wanted, row.Provider, board.Policy.Settings.TenantFrom),
            IsFreeModel = row.Cost == Usd.Zero,
        };
        var decision = DecisionEngine.Decide(board, query, now);
        boards.EnforcementOf(Store.WorkspaceId).Asks.Note(
            decision, wanted.EndpointTag, wanted.ExternalRequestId, wanted.OccurredAt.AddMilliseconds(-wanted.LatencyMs));
        return decision.Action switch
        {
            DecisionAction.Allow => wanted,
            DecisionAction.Degrade => PolicyReplay.Degraded(row, decision.DegradedMode ?? new DegradedMode(), PriceBook.BuiltIn).Request,
            DecisionAction.Block => null,
        };
    }
}
