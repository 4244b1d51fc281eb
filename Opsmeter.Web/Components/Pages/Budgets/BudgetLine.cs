using Opsmeter.Core.Budgets;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>A budget of the list and where it stands.</summary>
/// <param name="Id">The budget's id.</param>
/// <param name="Draft">What it says.</param>
/// <param name="Keys">Where each of its keys stands, highest use first; one entry where it counts together.</param>
public sealed record BudgetLine(string Id, BudgetDraft Draft, IReadOnlyList<BudgetStateItem> Keys)
{
    /// <summary>Where it stands: its worst key; null while it is off, or has no key yet.</summary>
    public BudgetStateItem? Worst => Keys.Count > 0 ? Keys[0] : null;

    /// <summary>Requests without a price, of all keys.</summary>
    public long Unpriced => Keys.Sum(key => key.Unpriced);

    /// <summary>Share of the spend of all keys whose callers asked first; null while nothing with a price was spent.</summary>
    public decimal? AskedShare => Keys.Where(key => key.AskedShare is not null).Sum(key => key.SpentUsd) is > 0 and var spent
        ? Keys.Sum(key => (key.AskedShare ?? 0) * key.SpentUsd) / spent
        : null;

    /// <summary>Spent, in USD, while it told callers to stop, of all keys.</summary>
    public decimal SpentWhileBlockedUsd => Keys.Sum(key => key.SpentWhileBlockedUsd ?? 0);

    /// <summary>True when it tells callers anything but to go on, so that it matters whether they ask.</summary>
    public bool WantsToBeAsked => IsEnabled && Draft.Cap != Cap.Soft;

    /// <summary>True when it counts and decides.</summary>
    public bool IsEnabled => Draft.Enabled != false;

    /// <summary>Puts budgets and states together, worst first; those that are off come last.</summary>
    public static IReadOnlyList<BudgetLine> Join(
        IEnumerable<(string Id, BudgetDraft Draft)> budgets, IEnumerable<BudgetStateItem> states)
    {
        var byBudget = states.ToLookup(state => state.BudgetId, StringComparer.Ordinal);
        return
        [
            .. budgets
                .Select(budget => new BudgetLine(budget.Id, budget.Draft, WorstFirst(byBudget[budget.Id])))
                .OrderByDescending(line => line.IsEnabled)
                .ThenByDescending(line => line.Worst?.State ?? BudgetState.Ok)
                .ThenByDescending(line => line.Worst?.Confirmed ?? false)
                .ThenByDescending(line => line.Worst?.Use ?? 0)
                .ThenBy(line => line.Draft.Name, StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>The same budgets in the same order with newer states, so that nothing moves under someone who reads.</summary>
    public static IReadOnlyList<BudgetLine> Refresh(IReadOnlyList<BudgetLine> lines, IEnumerable<BudgetStateItem> states)
    {
        var byBudget = states.ToLookup(state => state.BudgetId, StringComparer.Ordinal);
        var newer = lines.Select(line => line with { Keys = WorstFirst(byBudget[line.Id]) }).ToList();
        return newer.Zip(lines).All(pair => pair.First.Standing == pair.Second.Standing)
            ? newer
            : Join(newer.Select(line => (line.Id, line.Draft)), newer.SelectMany(line => line.Keys));
    }

    /// <summary>True when the text is in the name, the conditions or the owner.</summary>
    public bool Contains(string text) =>
        text.Length == 0
        || new[] { Draft.Name, Draft.Owner, DraftWords.Conditions(Draft.Conditions) }
            .Any(field => field?.Contains(text, StringComparison.OrdinalIgnoreCase) == true);

    private (BudgetState? State, bool? Confirmed) Standing => (Worst?.State, Worst?.Confirmed);

    private static IReadOnlyList<BudgetStateItem> WorstFirst(IEnumerable<BudgetStateItem> keys) =>
    [
        .. keys.OrderByDescending(key => key.State).ThenByDescending(key => key.Confirmed).ThenByDescending(key => key.Use)
            .ThenBy(key => key.Key, StringComparer.Ordinal),
    ];
}
