using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Web.Components.Controls;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>Says what the policy check found.</summary>
internal static class LintWords
{
    private const int MostNamed = 3;

    /// <summary>What is wrong, in a few words; the same for every finding of a rule.</summary>
    public static string Title(LintRule rule) => rule switch
    {
        LintRule.NoOwner => "No owner",
        LintRule.HardCoversTier1 => "A hard cap over Tier 1",
        LintRule.HardWithoutBurnRate => "Blocks without a burn-rate check",
        LintRule.SpentWhileBlocked => "Spent while it said stop",
        LintRule.NotAsked => "Callers do not ask",
        LintRule.NotObeyed => "Callers do not do as they are told",
        LintRule.CountsOtherTraffic => "Counts other than real production traffic",
        LintRule.Uncovered => "Spend that no budget counts",
        LintRule.WorkspaceOnly => "Totals only",
        LintRule.Unclassified => "Endpoints without a tier",
        LintRule.Unpriced => "Requests without a price",
        LintRule.MatchedNothing => "Matched nothing for 24 hours",
        LintRule.LowCoverage => "Much of it has no key",
        LintRule.NoTotal => "No total over all keys",
        LintRule.LimitTooSmall => "The limit is only a few requests",
        LintRule.ArrivesLate => "Requests arrive late",
        LintRule.ArrivesAfterWindow => "Spend arrives after its window",
        LintRule.NoBackup => "No backup owner",
    };

    /// <summary>Why it matters; the same for every finding of a rule.</summary>
    public static string Why(LintRule rule) => rule switch
    {
        LintRule.NoOwner => "Nobody is told, and nobody decides.",
        LintRule.HardCoversTier1 => "What earns the money would be degraded, or stopped, by a cap made for what may be stopped.",
        LintRule.HardWithoutBurnRate => "It stops callers the moment the limit is passed, even when the spend has calmed down by itself.",
        LintRule.SpentWhileBlocked => "A block holds only for callers that ask first and then do not call.",
        LintRule.NotAsked => "A hard cap that callers do not ask about stops nobody.",
        LintRule.NotObeyed => "They ask, are told to stop or to use the degraded mode, and call as before.",
        LintRule.CountsOtherTraffic => "A test run could use up what production needs, and drive its decisions.",
        LintRule.Uncovered => "Nobody hears of it when it grows.",
        LintRule.WorkspaceOnly => "They tell that too much was spent, not by which endpoint or tenant, and can stop none of them alone.",
        LintRule.Unclassified => "They are treated as the default tier, whether they earn money or are easy to abuse.",
        LintRule.Unpriced => "They count as nothing for soft caps, and at the ceiling price for hard ones.",
        LintRule.MatchedNothing => "Other requests came. A condition may be misspelt, or what it was made for may be gone.",
        LintRule.LowCoverage => "A request without the dimension belongs to no key and is not counted.",
        LintRule.NoTotal => "Each one stays under its limit while all of them together may not.",
        LintRule.LimitTooSmall => "A single request can go from fine to over the limit: warning, limit and ceiling cannot be told apart.",
        LintRule.ArrivesLate => "The short window is over before its requests are here, so that nothing is ever confirmed by it.",
        LintRule.ArrivesAfterWindow => "No decision follows from it any more.",
        LintRule.NoBackup => "When the owner does not answer, nobody else hears of it.",
    };

    /// <summary>The figures of one finding, or null where there is none to tell.</summary>
    public static string? Figure(LintFinding finding, BudgetDraft? budget) => finding.Rule switch
    {
        LintRule.NoOwner => budget?.Owner is { Length: > 0 } owner ? $"{owner} is no member" : "nobody is named",
        LintRule.HardCoversTier1 => Names(finding.Endpoints),
        LintRule.SpentWhileBlocked => $"{Money.Rounded(finding.Amount ?? Usd.Zero)} in this window",
        LintRule.NotAsked => $"{Share(finding)} of its spend was asked for",
        LintRule.NotObeyed => $"{Share(finding)} was done as told",
        LintRule.CountsOtherTraffic => budget is null ? null : string.Join(", ",
            (budget.Environments ?? []).Select(each => Lower(each.ToString())).Concat((budget.DataModes ?? []).Select(each => Lower(each.ToString())))),
        LintRule.Uncovered or LintRule.Unclassified => $"{Money.Rounded(finding.Amount ?? Usd.Zero)}, {Share(finding)} of the spend: {Names(finding.Endpoints)}",
        LintRule.Unpriced => $"{Share(finding)} of the requests",
        LintRule.LowCoverage => $"{Share(finding)} of its spend has a {(budget?.Per is { } per ? DraftWords.Name(per) : "key")}",
        LintRule.LimitTooSmall => $"{Money.Rounded(finding.LeastLimit ?? Usd.Zero)} would be enough requests",
        LintRule.ArrivesLate => $"1 in 20 arrives {DraftWords.Span(finding.Delay ?? default)} late or later",
        LintRule.ArrivesAfterWindow => $"{Share(finding)} of its spend",
        LintRule.HardWithoutBurnRate or LintRule.WorkspaceOnly or LintRule.MatchedNothing or LintRule.NoTotal or LintRule.NoBackup => null,
    };

    /// <summary>How grave it is.</summary>
    public static Tone ToneOf(LintRule rule) => rule <= LintRule.NotObeyed ? Tone.Exceeded : Tone.Warning;

    private static string Share(LintFinding finding) => finding.Share is { } share ? DraftWords.Percent(share) : "—";

    private static string Names(IReadOnlyList<string> endpoints) => endpoints.Count <= MostNamed + 1
        ? string.Join(", ", endpoints)
        : $"{string.Join(", ", endpoints.Take(MostNamed))} and {(endpoints.Count - MostNamed).ToString("N0", CultureInfo.InvariantCulture)} more";

    private static string Lower(string name) => name.ToLowerInvariant();
}
