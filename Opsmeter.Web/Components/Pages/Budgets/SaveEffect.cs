using System.Globalization;
using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;
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
    /// <param name="run">What a replay to this moment told of this draft, or null.</param>
    public static string Of(BudgetDraft draft, BudgetLine? saved, DateTimeOffset now, TimeZoneInfo zone, ReplayRun? run = null)
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
        return $"In force at once; {from}.{(run is { EndsNow: true } ? WhoFeelsIt(draft, saved, run) : StateAfter(draft, saved))}";
    }

    /// <summary>Whom it blocks, degrades and lets go at once, as the engine finds it.</summary>
    private static string WhoFeelsIt(BudgetDraft draft, BudgetLine? saved, ReplayRun run)
    {
        var before = saved is { IsEnabled: true } line && line.Draft.Per == draft.Per
            ? line.Keys.ToDictionary(item => item.Key ?? "", item => item.Action, StringComparer.Ordinal)
            : [];
        var after = run.Result.Standings.ToDictionary(reading => reading.Key ?? "", reading => DecisionTable.StrictestFor(run.Budget, reading.Standing), StringComparer.Ordinal);
        var moved = before.Keys.Union(after.Keys, StringComparer.Ordinal)
            .Select(key => (Before: before.GetValueOrDefault(key), After: after.GetValueOrDefault(key)))
            .Where(pair => pair.Before != pair.After).ToArray();
        var said = new[]
        {
            Said(moved.Count(pair => pair.After == DecisionAction.Block), "blocked", draft.Per, Blockable(run.Budget)),
            Said(moved.Count(pair => pair.After == DecisionAction.Degrade), "degraded", draft.Per, ""),
            Said(moved.Count(pair => pair.After == DecisionAction.Allow), "let through again", draft.Per, ""),
        }.OfType<string>().ToArray();
        return said.Length == 0
            ? saved is { IsEnabled: true } ? " Callers are told the same as before." : " Nobody is degraded or blocked at once."
            : " " + string.Join(" ", said);
    }

    private static string? Said(int keys, string what, Dimension? per, string who) => (keys, per) switch
    {
        (0, _) => null,
        (_, null) => $"Callers{who} will be {what} at once.",
        (1, { } dimension) => $"1 {DraftWords.Name(dimension)} will be {what} at once.",
        (_, { } dimension) => $"{keys:N0} {DraftWords.Name(dimension)}s will be {what} at once.",
    };

    private static string Blockable(Budget budget) => budget.Cap switch
    {
        Cap.ByTier => " of Tier 3",
        Cap.Hard when !budget.BlockTier1 => " of Tier 2 and 3",
        Cap.Soft or Cap.Degrade or Cap.Hard => "",
    };

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
