using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Documents;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>What mends a finding by one click: an edit of its budget, or a page where it is mended.</summary>
/// <param name="Label">What the button says.</param>
/// <param name="Edit">Changes the budget; null for a page.</param>
/// <param name="Address">The page; null for an edit.</param>
public sealed record LintFix(string Label, Action<BudgetDraft>? Edit = null, string? Address = null)
{
    private const int LongestMinutes = 43_200;

    // As the default windows have it: the long one sees twelve times what the short one does.
    private const int LongByShort = 12;

    /// <summary>The fix of a finding, or null where someone has to be invited or asked first.</summary>
    /// <param name="finding">What was found.</param>
    /// <param name="budget">The budget that it is about; null for the workspace.</param>
    /// <param name="members">The members' e-mails.</param>
    /// <param name="visitor">The e-mail of who looks at it.</param>
    public static LintFix? For(LintFinding finding, BudgetDraft? budget, IReadOnlyList<string> members, string visitor)
    {
        var page = finding.BudgetId is { Length: > 0 } id ? "budgets/" + Uri.EscapeDataString(id) : null;
        return finding.Rule switch
        {
            LintRule.NoOwner => members.Contains(visitor) ? new("Make me the owner", draft => draft.Owner = visitor) : null,
            LintRule.NoBackup => members.FirstOrDefault(member => !string.Equals(member, budget?.Owner, StringComparison.OrdinalIgnoreCase)) is { } other
                ? new($"Name {other}", draft => draft.Backup = other)
                : null,
            LintRule.HardCoversTier1 => new("Cap by tier instead", draft => (draft.Cap, draft.BlockTier1) = (Cap.ByTier, false)),
            LintRule.HardWithoutBurnRate => new("Confirm by burn rate", draft => draft.Confirmation = DefaultFor(draft.Window.Kind)),
            LintRule.CountsOtherTraffic => new("Count prod and real only", draft => (draft.Environments, draft.DataModes) = ([DeploymentEnvironment.Prod], [DataMode.Real])),
            LintRule.LowCoverage => budget?.LimitUsd is { } limit ? new($"Limit the rest to ${limit:#,##0.##}", draft => draft.UnkeyedLimitUsd = limit) : Page(page, "Open its limits"),
            LintRule.LimitTooSmall => Raised(finding) is var raised ? new($"Raise to ${raised:#,##0.######}", draft => draft.LimitUsd = raised) : null,
            LintRule.ArrivesLate => Later(finding) is var minutes ? new($"Wait {DraftWords.Minutes(minutes)}", draft => Wait(draft, minutes)) : null,
            LintRule.SpentWhileBlocked or LintRule.NotAsked or LintRule.NotObeyed => Page(page, "Show who"),
            LintRule.ArrivesAfterWindow => Page(page, "Choose a longer window"),
            LintRule.MatchedNothing => Page(page, "Look at its conditions"),
            LintRule.NoTotal => finding.BudgetId is { Length: > 0 } copied ? new("Add a total", Address: $"budgets/new?copy={Uri.EscapeDataString(copied)}&total=true") : null,
            LintRule.Uncovered => new("Count everything", Address: "budgets/new?cover=all"),
            LintRule.WorkspaceOnly => new("Make one for an endpoint", Address: finding.Endpoints is [var dearest, ..] ? ControlStart.Address(Dimension.EndpointTag, dearest, null) : "budgets/new"),
            LintRule.Unclassified => new("Put them into tiers", Address: "tiers?tier=none"),
            LintRule.Unpriced => new("Show them", Address: "requests?only=unpriced"),
        };
    }

    private static LintFix? Page(string? page, string label) => page is null ? null : new(label, Address: page);

    private static ConfirmationDraft DefaultFor(WindowKind? kind)
    {
        var usual = Confirmation.DefaultFor(kind ?? WindowKind.Month);
        return new ConfirmationDraft
        {
            Mode = ConfirmationMode.BurnRate, MinRate = usual.MinRate, LongMinutes = usual.LongMinutes, ShortMinutes = usual.ShortMinutes, Ceiling = usual.Ceiling,
        };
    }

    /// <summary>The least limit that would do, up to two digits.</summary>
    private static decimal Raised(LintFinding finding)
    {
        var dollars = finding.LeastLimit?.Dollars ?? 0;
        var unit = 0.000001m;
        while (dollars / unit > 100)
        {
            unit *= 10;
        }

        // By way of nano-USD, which leaves no zeros behind.
        return Usd.FromDollars(Math.Ceiling(dollars / unit) * unit).Dollars;
    }

    private static int Later(LintFinding finding) => Math.Clamp((int)Math.Ceiling((finding.Delay ?? default).TotalMinutes), 1, LongestMinutes / LongByShort);

    private static void Wait(BudgetDraft draft, int minutes)
    {
        draft.Confirmation.ShortMinutes = minutes;
        draft.Confirmation.LongMinutes = Math.Max(draft.Confirmation.LongMinutes ?? 0, minutes * LongByShort);
    }
}
