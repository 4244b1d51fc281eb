using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Hosting;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>
/// Makes a first policy from three answers and the traffic there is: a month for all of it, a day for each busy endpoint and
/// for each tenant. It only observes until someone enforces it.
/// </summary>
public sealed class PolicyStarter(PolicyDocuments documents, Replays replays, LedgerHistory history, Boards boards, TimeProvider time)
{
    private const int MostRequests = 1_000_000;
    private const int MostEndpoints = 8;
    private const int MostRevenueEndpoints = 200;
    private const decimal BusyShare = 0.05m;
    private const decimal AboveUsual = 1.5m;
    private static readonly TimeSpan Back = TimeSpan.FromDays(30);

    /// <summary>Makes it.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="answers">The answers.</param>
    /// <param name="actor">Who makes it.</param>
    /// <param name="cancellation">Stops the reading of traffic.</param>
    /// <returns>The policy; errors by field, or neither where the workspace has budgets already.</returns>
    internal async Task<(PolicyPlan? Plan, IReadOnlyDictionary<string, string[]> Errors)> StartAsync(
        int workspaceId, StarterAnswers answers, string actor, CancellationToken cancellation)
    {
        var (before, _) = await documents.ReadAsync(workspaceId);
        if (before.Budgets.Count > 0)
        {
            return (null, new Dictionary<string, string[]>());
        }

        var errors = new FieldErrors();
        if (answers.MonthlyBudgetUsd is null)
        {
            errors.Add("monthlyBudgetUsd", "Write what a month may cost, in USD.");
        }

        if (answers.RevenueEndpoints.Count > MostRevenueEndpoints)
        {
            errors.Add("revenueEndpoints", $"Name at most {MostRevenueEndpoints}.");
        }

        if (!errors.IsEmpty)
        {
            return (null, errors.ToDictionary());
        }

        var (endpoints, tenants) = await LongWork.RunAsync(() => Usual(workspaceId, cancellation), cancellation);
        var draft = new PolicyDraft
        {
            Budgets = [.. Budgets(answers, endpoints, tenants).Select(budget => new PolicyDraft.Item<BudgetDraft>(null, budget))],
            Tiers = [.. Tiers(before.Tiers, answers.RevenueEndpoints)],
            Observe = true,
        };
        var (plan, wrong) = await documents.ApplyAsync(workspaceId, draft, _ => true, actor);
        return (plan, wrong.GroupBy(error => FieldOf(error.Key)).ToDictionary(
            group => group.Key, group => group.SelectMany(error => error.Value).Distinct().ToArray(), StringComparer.Ordinal));
    }

    /// <summary>What the policy in force would have done to the last 30 days, had it been enforced and callers obeyed.</summary>
    public async Task<(DateTimeOffset Since, int Requests, int Degraded, int Blocked)> WouldHaveAsync(int workspaceId, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var result = await replays.RunAsync(workspaceId, boards[workspaceId].Policy, new TimeWindow(now - Back, now), comparesCaps: false, null, cancellation);
        return (result.Range.Start, result.Requests, result.AsObeyed.Degraded, result.AsObeyed.Blocked);
    }

    private (UsualDays Endpoints, UsualDays Tenants) Usual(int workspaceId, CancellationToken cancellation)
    {
        var (policy, now) = (boards[workspaceId].Policy, time.GetUtcNow());
        var zone = boards[workspaceId].Zone;
        var (endpoints, tenants) = (new UsualDays(zone, now), new UsualDays(zone, now));
        foreach (var (row, _) in history.ReadArrivals(workspaceId, new TimeWindow(now - Back, now), MostRequests, cancellation))
        {
            if (row.Request is { Environment: DeploymentEnvironment.Prod, DataMode: DataMode.Real } request && row.Cost is { } cost)
            {
                endpoints.Add(request.EndpointTag, request.OccurredAt, cost);
                tenants.Add(Dimensions.Of(request, row.Provider, policy.Settings.TenantFrom).TenantId, request.OccurredAt, cost);
            }
        }

        return (endpoints, tenants);
    }

    private static IEnumerable<BudgetDraft> Budgets(StarterAnswers answers, UsualDays endpoints, UsualDays tenants)
    {
        yield return Draft(answers, "Whole workspace", WindowKind.Month, answers.MonthlyBudgetUsd, draft => draft.Cap = Cap.Soft);
        var all = endpoints.Values.ToArray();
        var total = all.Sum(each => each.Spend.Dollars);
        foreach (var (endpoint, spend) in all.Where(each => each.Spend.Dollars >= total * BusyShare).Take(MostEndpoints))
        {
            if (LimitOf(endpoints.Of(endpoint)) is { } limit)
            {
                yield return Draft(answers, endpoint, WindowKind.Day, limit, draft => draft.Conditions = [new ConditionDraft { Dimension = Dimension.EndpointTag, Values = [endpoint] }]);
            }
        }

        // The dearest tenant's usual day: whoever is far beyond all of today's is told.
        if (LimitOf(tenants.Values.Select(each => tenants.Of(each.Value)).DefaultIfEmpty().Max()) is { } most)
        {
            yield return Draft(answers, "Each tenant, per day", WindowKind.Day, most, draft => draft.Per = Dimension.TenantId);
        }
    }

    private static BudgetDraft Draft(StarterAnswers answers, string name, WindowKind kind, decimal? limit, Action<BudgetDraft> also)
    {
        var draft = new BudgetDraft
        {
            Name = name, LimitUsd = limit, Window = new WindowDraft { Kind = kind }, Owner = answers.Owner, Escalation = EscalationDocument.DefaultName,
        };
        also(draft);
        return draft;
    }

    private static IEnumerable<PolicyDraft.Item<TierDraft>> Tiers(IReadOnlyList<TierDocument> before, IEnumerable<string> earning)
    {
        var named = earning.Select(endpoint => endpoint.Trim()).Distinct(StringComparer.Ordinal).ToArray();
        foreach (var tier in before)
        {
            var draft = TierDraft.Of(tier);
            draft.Tier = named.Contains(tier.Pattern) ? 1 : draft.Tier;
            yield return new PolicyDraft.Item<TierDraft>(tier.Id, draft);
        }

        foreach (var pattern in named.Where(pattern => before.All(tier => tier.Pattern != pattern)))
        {
            yield return new PolicyDraft.Item<TierDraft>(null, new TierDraft { Pattern = pattern, Tier = 1 });
        }
    }

    /// <summary>One and a half times the usual, to two digits as a person would write it; null where nothing is usual.</summary>
    private static decimal? LimitOf(Usd usual)
    {
        if (usual <= Usd.Zero)
        {
            return null;
        }

        var (wanted, unit) = (usual.Dollars * AboveUsual, 0.000001m);
        while (wanted / unit >= 100)
        {
            unit *= 10;
        }

        return Usd.FromDollars(Math.Ceiling(wanted / unit) * unit).Dollars;
    }

    // As the answers are called: the document that they make has other names.
    private static string FieldOf(string field) => field switch
    {
        _ when field.StartsWith("budgets[0].limitUsd", StringComparison.Ordinal) => "monthlyBudgetUsd",
        _ when field.EndsWith(".owner", StringComparison.Ordinal) => "owner",
        _ when field.StartsWith("tiers[", StringComparison.Ordinal) => "revenueEndpoints",
        _ => field,
    };
}
