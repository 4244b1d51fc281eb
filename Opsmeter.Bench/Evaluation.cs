using System.Diagnostics;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;

namespace Opsmeter.Bench;

/// <summary>One evaluation against the budgets that a server has, inside its process and without HTTP.</summary>
internal static class Evaluation
{
    private const int Times = 200_000;

    /// <summary>Evaluates many times.</summary>
    /// <returns>Nanoseconds each.</returns>
    public static double Measure(Boards boards, TimeProvider time)
    {
        var board = boards[Store.WorkspaceId];
        var query = new DecisionQuery
        {
            Dimensions = new Dimensions
            {
                EndpointTag = "billing.guardrail_check", UserId = "tenant_acme_hash", TenantId = "tenant_acme_hash", Provider = "openai", Model = "gpt-5-mini",
                PromptVersion = "budget_v1", Environment = DeploymentEnvironment.Prod,
            },
        };
        var now = time.GetUtcNow();
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Times; i++)
        {
            DecisionEngine.Decide(board, query, now);
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / Times;
    }
}
