using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Budgets;

/// <summary>The whole policy of a workspace at one moment. Immutable.</summary>
public sealed class WorkspacePolicy
{
    /// <summary>Creates a policy.</summary>
    /// <param name="settings">The workspace's settings.</param>
    /// <param name="budgets">Its budgets, disabled ones included.</param>
    /// <param name="tiers">Its tier entries.</param>
    /// <param name="ceiling">What an unpriced request counts as where no setting says so, in USD per million tokens.</param>
    public WorkspacePolicy(
        WorkspaceSettings settings, IEnumerable<Budget> budgets, IEnumerable<TierEntry> tiers,
        WorkspaceSettings.Rates ceiling)
    {
        Settings = settings;
        Budgets = [.. budgets];
        Entries = [.. tiers];
        Tiers = new TierMap(Entries, settings.DefaultTier, settings.DegradedModes);
        Ceiling = settings.CeilingPrice ?? ceiling;
    }

    /// <summary>The workspace's settings.</summary>
    public WorkspaceSettings Settings { get; }

    /// <summary>All budgets.</summary>
    public IReadOnlyList<Budget> Budgets { get; }

    /// <summary>All tier entries.</summary>
    public IReadOnlyList<TierEntry> Entries { get; }

    /// <summary>Which tier an endpoint is in.</summary>
    public TierMap Tiers { get; }

    /// <summary>What an unpriced request counts as under a hard cap, in USD per million tokens.</summary>
    public WorkspaceSettings.Rates Ceiling { get; }

    /// <summary>An unpriced request's cost at the ceiling price.</summary>
    public Usd AtCeiling(TokenUsage usage) =>
        Usd.FromDollars(((usage.Input * Ceiling.InputPerMillion) + (usage.Output * Ceiling.OutputPerMillion)) / 1_000_000m);

    /// <summary>What a request counts toward one budget.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="tier">The endpoint's tier.</param>
    /// <param name="usage">The request's tokens.</param>
    /// <param name="cost">Its cost, or null when unpriced.</param>
    public WindowSums Counts(Budget budget, Tier tier, TokenUsage usage, Usd? cost)
    {
        if (cost is { } priced)
        {
            return new WindowSums(priced, default, default, 1, usage.Total, 0);
        }

        var ceiling = AtCeiling(usage);
        return budget.CountsUnpriced(tier)
            ? new WindowSums(default, ceiling, default, 1, usage.Total, 1)
            : new WindowSums(default, default, ceiling, 1, usage.Total, 1);
    }
}
