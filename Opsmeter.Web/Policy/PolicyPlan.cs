using Opsmeter.Web.Documents;

namespace Opsmeter.Web.Policy;

/// <summary>What a policy document would change.</summary>
/// <param name="After">The policy as it would be.</param>
/// <param name="Budgets">The budgets that change: before, null for a new one, and after, null for one that goes.</param>
/// <param name="Tiers">The tier entries that change, alike.</param>
/// <param name="Escalations">The escalations that change, alike.</param>
/// <param name="Settings">The settings before and after.</param>
internal sealed record PolicyPlan(
    PolicyDocument After,
    IReadOnlyList<(BudgetDocument? Before, BudgetDocument? After)> Budgets,
    IReadOnlyList<(TierDocument? Before, TierDocument? After)> Tiers,
    IReadOnlyList<(EscalationDocument? Before, EscalationDocument? After)> Escalations,
    (SettingsDocument Before, SettingsDocument After) Settings)
{
    /// <summary>The changes as they are answered.</summary>
    public IReadOnlyList<PolicyDifference> Differences =>
    [
        .. Budgets.Select(pair => PolicyDifference.Of("budget", (pair.After ?? pair.Before)!.Id, (pair.After ?? pair.Before)!.Name, pair.Before, pair.After)),
        .. Tiers.Select(pair => PolicyDifference.Of("tier", (pair.After ?? pair.Before)!.Id, (pair.After ?? pair.Before)!.Pattern, pair.Before, pair.After)),
        .. Escalations.Select(pair => PolicyDifference.Of("escalation", (pair.After ?? pair.Before)!.Id, (pair.After ?? pair.Before)!.Name, pair.Before, pair.After)),
        .. Settings.Before == Settings.After ? [] : new[] { PolicyDifference.Of("settings", null, null, Settings.Before, Settings.After) },
    ];
}
