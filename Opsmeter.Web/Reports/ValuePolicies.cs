using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>Says what the policy in force makes of single endpoints, users and tenants.</summary>
public sealed class ValuePolicies(Boards boards, BudgetStates states)
{
    /// <summary>True where senders put the tenant in <c>userId</c>: users and tenants are then one.</summary>
    public bool AreTenantsUsers(int workspaceId) => SettingsOf(workspaceId).TenantFrom == TenantSource.UserId;

    /// <summary>An endpoint's tier and why.</summary>
    public EndpointStanding TierOf(int workspaceId, string endpoint)
    {
        var entry = boards[workspaceId].Policy.Tiers.For(endpoint, out var isClassified);
        return new EndpointStanding(entry.Tier, isClassified ? entry.Pattern : null);
    }

    /// <summary>
    /// For each value that a budget singles out, the worst of these budgets: those that count it under a key of its own, and
    /// those with a condition on it. Budgets of the whole workspace single nobody out.
    /// </summary>
    public IReadOnlyDictionary<string, BudgetStateItem> WorstOf(int workspaceId, Dimension dimension, IEnumerable<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        var budgets = boards[workspaceId].Policy.Budgets.Where(budget => budget.Enabled).ToDictionary(budget => budget.Id, StringComparer.Ordinal);
        var worst = new Dictionary<string, BudgetStateItem>(StringComparer.Ordinal);
        var all = values.ToArray();
        foreach (var item in states.Read(workspaceId))
        {
            if (!budgets.TryGetValue(item.BudgetId, out var budget))
            {
                continue;
            }

            // Worst first: whoever has one already keeps it.
            if (IsPer(workspaceId, budget, dimension))
            {
                if (item.Key is { Length: > 0 } key)
                {
                    worst.TryAdd(key, item);
                }
            }
            else if (ConditionsOn(workspaceId, budget, dimension) is { Length: > 0 } conditions)
            {
                foreach (var value in all.Where(value => Array.TrueForAll(conditions, condition => IsMatch(condition, value))))
                {
                    worst.TryAdd(value, item);
                }
            }
        }

        return worst;
    }

    /// <summary>The budgets that count requests of a value, worst first.</summary>
    public IReadOnlyList<ValueBudget> Counting(int workspaceId, Dimension dimension, string value)
    {
        var items = states.Read(workspaceId).ToLookup(item => item.BudgetId, StringComparer.Ordinal);
        return
        [
            .. boards[workspaceId].Policy.Budgets
                .Where(budget => budget.Enabled
                    && Array.TrueForAll(ConditionsOn(workspaceId, budget, dimension), condition => IsMatch(condition, value)))
                .Select(budget =>
                {
                    var isOwn = IsPer(workspaceId, budget, dimension);
                    var others = budget.Conditions.Where(condition => !IsSame(workspaceId, condition.Dimension, dimension)).ToArray();
                    var item = items[budget.Id].FirstOrDefault(item => !isOwn || item.Key == value);
                    return new ValueBudget(budget.Id, budget.Name, item, isOwn, budget.Per, others);
                })
                .OrderByDescending(budget => budget.State is not null)
                .ThenByDescending(budget => budget.State?.State)
                .ThenByDescending(budget => budget.State?.Use)
                .ThenBy(budget => budget.Name, StringComparer.Ordinal),
        ];
    }

    private static bool IsMatch(Condition condition, string value) =>
        condition.Values.Any(pattern => new Pattern(pattern).Matches(value, Condition.ComparisonFor(condition.Dimension)));

    private WorkspaceSettings SettingsOf(int workspaceId) => boards[workspaceId].Policy.Settings;

    private Condition[] ConditionsOn(int workspaceId, Budget budget, Dimension dimension) =>
        [.. budget.Conditions.Where(condition => IsSame(workspaceId, condition.Dimension, dimension))];

    private bool IsPer(int workspaceId, Budget budget, Dimension dimension) =>
        budget.Per is { } per && IsSame(workspaceId, per, dimension);

    private bool IsSame(int workspaceId, Dimension a, Dimension b) => Resolve(workspaceId, a) == Resolve(workspaceId, b);

    private Dimension Resolve(int workspaceId, Dimension dimension) =>
        dimension == Dimension.TenantId && AreTenantsUsers(workspaceId) ? Dimension.UserId : dimension;
}
