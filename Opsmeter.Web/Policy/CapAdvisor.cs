using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>Says from past traffic which cap a draft needs; reads only.</summary>
public sealed class CapAdvisor(LedgerHistory history, Boards boards, TimeProvider time)
{
    private const int MostRequests = 1_000_000;
    private static readonly TimeSpan Back = TimeSpan.FromDays(56);

    /// <summary>Advises on what a draft's conditions match.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="draft">The draft; only what it counts matters.</param>
    /// <param name="cancellation">Stops it.</param>
    public Task<IReadOnlyList<CapAdvice>> AdviseAsync(int workspaceId, BudgetDraft draft, CancellationToken cancellation)
    {
        var conditions = draft.Conditions.Where(condition => condition is { Dimension: not null, Values.Count: > 0 })
            .Select(condition => new Condition(condition.Dimension!.Value, condition.Values)).ToArray();
        var (environments, modes) = (draft.Environments ?? [DeploymentEnvironment.Prod], draft.DataModes ?? [DataMode.Real]);
        return LongWork.RunAsync(
            () =>
            {
                var (board, now) = (boards[workspaceId], time.GetUtcNow());
                var evidence = new CapEvidence(board.Zone);
                foreach (var (row, _) in history.ReadArrivals(workspaceId, new TimeWindow(now - Back, now), MostRequests, cancellation))
                {
                    var dimensions = Dimensions.Of(row.Request, row.Provider, board.Policy.Settings.TenantFrom);
                    if (row.Cost is { } cost && environments.Contains(dimensions.Environment) && modes.Contains(dimensions.DataMode)
                        && Array.TrueForAll(conditions, condition => condition.Matches(dimensions)))
                    {
                        evidence.Take(row.Request.OccurredAt, cost, dimensions.TenantId, board.Policy.Tiers.For(dimensions.EndpointTag).Tier);
                    }
                }

                return evidence.Advise();
            },
            cancellation);
    }
}
