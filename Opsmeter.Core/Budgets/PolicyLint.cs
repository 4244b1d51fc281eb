using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Budgets;

/// <summary>Checks a policy against what it is meant to hold: what would not work, and what it leaves out.</summary>
public static class PolicyLint
{
    private const decimal MostUnpriced = 0.01m;
    private const decimal MostUncovered = 0.01m;
    private const decimal MostAfterWindow = 0.01m;
    private const decimal LeastCoverage = 0.95m;
    private const decimal LeastAsked = 0.95m;
    private const decimal LeastObeyed = 0.90m;
    private const decimal LeastEvidence = 0.01m;
    private const int LeastRequests = 50;
    private const int LeastRequestsUneven = 100;
    private const int Uneven = 10;
    private const int EnoughForMean = 30;
    private const int EnoughForDelay = 100;

    /// <summary>Finds what is wrong with a policy, gravest first.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="scan">What recent requests told of it.</param>
    /// <param name="people">Who stands behind each enabled budget, by its id.</param>
    /// <param name="asks">How far callers asked and obeyed, by budget; none where nothing is known.</param>
    public static IReadOnlyList<LintFinding> Check(
        WorkspacePolicy policy, LintScan scan, IReadOnlyDictionary<string, LintPeople> people, IReadOnlyDictionary<string, LintAsks> asks)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(scan);
        var budgets = policy.Budgets.Where(budget => budget.Enabled).ToArray();
        var findings = new List<LintFinding>(OfWorkspace(budgets, scan));
        foreach (var budget in budgets)
        {
            findings.AddRange(OfPeople(budget, people.GetValueOrDefault(budget.Id)));
            findings.AddRange(OfRules(budget, budgets));
            if (asks.TryGetValue(budget.Id, out var told))
            {
                findings.AddRange(OfAsks(budget, told));
            }

            if (scan.Of(budget.Id) is { } part)
            {
                findings.AddRange(OfTraffic(policy, part, scan.TellsLately));
            }
        }

        return [.. findings.OrderBy(finding => finding.Rule)];
    }

    private static IEnumerable<LintFinding> OfWorkspace(Budget[] budgets, LintScan scan)
    {
        if (budgets.Length > 0 && !budgets.Any(IsOfSomeone))
        {
            yield return OfEndpoints(LintRule.WorkspaceOnly, scan.Endpoints, scan.Spend);
        }

        if (scan.Unclassified.Count > 0)
        {
            yield return OfEndpoints(LintRule.Unclassified, scan.Unclassified, scan.Spend);
        }

        if (Total(scan.Uncovered) is { } uncovered && uncovered > Usd.Zero && Share(uncovered, scan.Spend) >= MostUncovered)
        {
            yield return OfEndpoints(LintRule.Uncovered, scan.Uncovered, scan.Spend);
        }

        if (scan.Requests > 0 && (decimal)scan.Unpriced / scan.Requests is var unpriced && unpriced > MostUnpriced)
        {
            yield return new LintFinding(LintRule.Unpriced) { Share = unpriced };
        }
    }

    private static IEnumerable<LintFinding> OfPeople(Budget budget, LintPeople people)
    {
        if (!people.HasOwner)
        {
            yield return new LintFinding(LintRule.NoOwner, budget.Id);
        }

        if (!people.HasBackup)
        {
            yield return new LintFinding(LintRule.NoBackup, budget.Id);
        }
    }

    private static IEnumerable<LintFinding> OfRules(Budget budget, Budget[] all)
    {
        if (budget.Cap == Cap.Hard && budget.Confirmation.Mode == ConfirmationMode.Immediate)
        {
            yield return new LintFinding(LintRule.HardWithoutBurnRate, budget.Id);
        }

        if (budget.Environments is not [DeploymentEnvironment.Prod] || budget.DataModes is not [DataMode.Real])
        {
            yield return new LintFinding(LintRule.CountsOtherTraffic, budget.Id);
        }

        if (budget.Per is not null && !Array.Exists(all, other => other.Per is null && CountsAlike(budget, other)))
        {
            yield return new LintFinding(LintRule.NoTotal, budget.Id);
        }
    }

    private static IEnumerable<LintFinding> OfAsks(Budget budget, LintAsks asks)
    {
        if (budget.Cap != Cap.Hard)
        {
            yield break;
        }

        if (asks.WhileBlocked > Usd.Zero)
        {
            yield return new LintFinding(LintRule.SpentWhileBlocked, budget.Id) { Amount = asks.WhileBlocked };
        }

        // The first request of a window says nothing yet.
        if (asks.Asked < LeastAsked && (budget.Limits.Usd is not { } limit || asks.Spent.Nano >= limit.Nano * LeastEvidence))
        {
            yield return new LintFinding(LintRule.NotAsked, budget.Id) { Share = asks.Asked };
        }

        if (asks.Obeyed < LeastObeyed)
        {
            yield return new LintFinding(LintRule.NotObeyed, budget.Id) { Share = asks.Obeyed };
        }
    }

    private static IEnumerable<LintFinding> OfTraffic(WorkspacePolicy policy, LintScan.Part part, bool tellsLately)
    {
        var budget = part.Budget;
        if (tellsLately && !part.MatchesLately)
        {
            yield return new LintFinding(LintRule.MatchedNothing, budget.Id);
        }

        var named = budget.Conditions.Where(condition => condition.Dimension == Dimension.EndpointTag).SelectMany(condition => condition.Values)
            .Where(value => !value.EndsWith('*'));
        string[] critical = budget.Cap == Cap.Hard
            ? [.. part.Endpoints.Union(named, StringComparer.Ordinal).Where(endpoint => policy.Tiers.For(endpoint).Tier == Tier.Tier1).Order(StringComparer.Ordinal)]
            : [];
        if (critical.Length > 0)
        {
            yield return new LintFinding(LintRule.HardCoversTier1, budget.Id) { Endpoints = critical };
        }

        if (budget is { Per: not null, UnkeyedLimit: null } && Share(part.KeyedSpend, part.Spend) < LeastCoverage)
        {
            yield return new LintFinding(LintRule.LowCoverage, budget.Id) { Share = Share(part.KeyedSpend, part.Spend) };
        }

        if (LeastLimit(part) is { } least && budget.Limits.Usd < least)
        {
            yield return new LintFinding(LintRule.LimitTooSmall, budget.Id) { LeastLimit = least };
        }

        var delay = TimeSpan.FromSeconds(part.DelaySeconds.Quantile(0.95));
        if (part.DelaySeconds.Count >= EnoughForDelay && delay > budget.Confirmation.Short)
        {
            yield return new LintFinding(LintRule.ArrivesLate, budget.Id) { Delay = delay };
        }

        if (Share(part.Arrived.AfterWindow, part.Arrived.All) is { } after && after > MostAfterWindow)
        {
            yield return new LintFinding(LintRule.ArrivesAfterWindow, budget.Id) { Share = after };
        }
    }

    /// <summary>The limit that holds enough mean requests; null where there are too few to say what one costs.</summary>
    private static Usd? LeastLimit(LintScan.Part part)
    {
        if (part.Costs.Count < EnoughForMean || part.Spend == Usd.Zero)
        {
            return null;
        }

        var mean = (decimal)part.Spend.Nano / part.Costs.Count;
        var requests = part.Costs.Quantile(0.99) > (double)mean * Uneven ? LeastRequestsUneven : LeastRequests;
        return new Usd((long)Math.Ceiling(mean * requests));
    }

    private static bool IsOfSomeone(Budget budget) =>
        budget.Per is Dimension.EndpointTag or Dimension.TenantId or Dimension.UserId
        || budget.Conditions.Any(condition => condition.Dimension is Dimension.EndpointTag or Dimension.TenantId or Dimension.UserId);

    private static bool CountsAlike(Budget budget, Budget other) =>
        budget.Environments.Order().SequenceEqual(other.Environments.Order())
        && budget.DataModes.Order().SequenceEqual(other.DataModes.Order())
        && budget.Conditions.Count == other.Conditions.Count
        && budget.Conditions.All(condition => other.Conditions.Any(same =>
            same.Dimension == condition.Dimension && same.Values.Order(StringComparer.Ordinal).SequenceEqual(condition.Values.Order(StringComparer.Ordinal))));

    private static LintFinding OfEndpoints(LintRule rule, IReadOnlyDictionary<string, Usd> spend, Usd of) => new(rule)
    {
        Share = Share(Total(spend), of),
        Amount = Total(spend),
        Endpoints = [.. spend.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Key)],
    };

    private static Usd Total(IReadOnlyDictionary<string, Usd> spend) => new(spend.Values.Sum(amount => amount.Nano));

    private static decimal? Share(Usd part, Usd whole) => whole > Usd.Zero ? (decimal)part.Nano / whole.Nano : null;
}
