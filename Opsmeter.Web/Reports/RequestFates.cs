using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>What a request became: how its endpoint is classified, and which budgets count it.</summary>
/// <param name="Tier">The tier.</param>
/// <param name="IsClassified">False when the tier is the workspace's default.</param>
/// <param name="Budgets">The budgets that count it.</param>
public sealed record RequestFate(Tier Tier, bool IsClassified, IReadOnlyList<CountingBudget> Budgets);

/// <summary>A budget that counts a request.</summary>
public sealed record CountingBudget(string Id, string Name);

/// <summary>Says what requests became, by the policy in force.</summary>
public sealed class RequestFates(Boards boards)
{
    /// <summary>What a request became.</summary>
    public RequestFate Of(int workspaceId, RequestItem item)
    {
        var policy = boards[workspaceId].Policy;
        var entry = policy.Tiers.For(item.EndpointTag, out var isClassified);
        var row = new PricedRow(
            new LlmRequest
            {
                ExternalRequestId = item.ExternalRequestId,
                Provider = item.Provider,
                Model = item.Model,
                EndpointTag = item.EndpointTag,
                PromptVersion = item.PromptVersion,
                UserId = item.UserId,
                TenantId = item.TenantId,
                ApiKey = item.ApiKey,
                Environment = item.Environment,
                DataMode = item.DataMode,
                ServiceTier = item.ServiceTier,
                Usage = item.Usage,
                OccurredAt = item.OccurredAt,
            },
            item.Provider,
            item.Cost);
        var counting = policy.Budgets.Where(budget => budget.Enabled && Pipeline.TryMatch(policy, budget, row, out _, out _));
        return new RequestFate(entry.Tier, isClassified, [.. counting.Select(budget => new CountingBudget(budget.Id, budget.Name))]);
    }
}
