using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Policy;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>Says what saving a draft changes now.</summary>
internal static class SaveEffect
{
    /// <summary>One or two sentences.</summary>
    /// <param name="draft">What would be saved.</param>
    /// <param name="saved">What is in force and where it stands, or null for a new budget.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="zone">The workspace's zone.</param>
    public static string Of(BudgetDraft draft, BudgetLine? saved, DateTimeOffset now, TimeZoneInfo zone)
    {
        if (draft.Enabled == false)
        {
            return "Saved switched off: it counts and decides nothing.";
        }

        if (BudgetReading.WindowAt(draft.Window, now) is not { } window)
        {
            return "In force at once when saved.";
        }

        var from = window.IsTotal
            ? "counts everything ever reported"
            : $"counts from {TimeZoneInfo.ConvertTime(window.Start, zone).ToString("d MMM, HH:mm", CultureInfo.InvariantCulture)}, the start of its window";
        return $"In force at once; {from}.{StateAfter(draft, saved)}";
    }

    private static string StateAfter(BudgetDraft draft, BudgetLine? saved)
    {
        if (saved?.Worst is not { } item || draft.Per is not null || !CountsAlike(draft, saved.Draft)
            || draft.LimitUsd is { } usd && !DraftWords.InRange(usd) || draft.TemporaryIncrease is not null)
        {
            return "";
        }

        var sums = new WindowSums(Usd.FromDollars(item.SpentUsd), default, default, item.Requests, item.Tokens, item.Unpriced);
        var limits = new Limits(draft.LimitUsd is { } limit ? Usd.FromDollars(limit) : null, draft.LimitRequests, draft.LimitTokens);
        var after = BudgetEvaluator.StateOf(sums, limits, draft.WarnAt ?? 0.8m);
        if (limits.IsNone || after == item.State)
        {
            return "";
        }

        return after switch
        {
            BudgetState.Ok => " It goes back to OK.",
            BudgetState.Warning => " It will be at its warning at once.",
            BudgetState.Exceeded => " It will be exceeded at once.",
        };
    }

    private static bool CountsAlike(BudgetDraft draft, BudgetDraft saved) => Counted(draft) == Counted(saved);

    private static string Counted(BudgetDraft draft) => DraftSnapshot.Of(new BudgetDraft
    {
        Conditions = draft.Conditions, Per = draft.Per, Environments = draft.Environments, DataModes = draft.DataModes, Window = draft.Window,
    });
}
