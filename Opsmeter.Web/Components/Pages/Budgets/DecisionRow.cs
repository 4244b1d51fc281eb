using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;

namespace Opsmeter.Web.Components.Pages.Budgets;

/// <summary>One row of the decision table: what a cap says to a tier from OK to confirmed.</summary>
internal static class DecisionRow
{
    /// <summary>The columns: state, whether blocking is confirmed, and what they are called.</summary>
    public static readonly IReadOnlyList<(BudgetState State, bool Confirmed, string Name)> Columns =
    [
        (BudgetState.Ok, false, "OK"),
        (BudgetState.Warning, false, "Warning"),
        (BudgetState.Exceeded, false, "Exceeded"),
        (BudgetState.Exceeded, true, "Confirmed"),
    ];

    /// <summary>The actions, one for each column.</summary>
    public static IReadOnlyList<DecisionAction> Actions(Cap cap, Tier tier, bool blockTier1) =>
        [.. Columns.Select(column => DecisionTable.ActionFor(cap, tier, column.State, column.Confirmed, blockTier1))];

    /// <summary>The actions with equal neighbours drawn as one.</summary>
    public static IReadOnlyList<Run> Runs(Cap cap, Tier tier, bool blockTier1)
    {
        var runs = new List<Run>();
        var actions = Actions(cap, tier, blockTier1);
        for (var i = 0; i < actions.Count; i++)
        {
            if (runs.Count > 0 && runs[^1].Action == actions[i])
            {
                runs[^1] = runs[^1] with { Length = runs[^1].Length + 1, To = Columns[i].Name };
            }
            else
            {
                runs.Add(new Run(actions[i], 1, Columns[i].Name, Columns[i].Name));
            }
        }

        return runs;
    }

    /// <summary>The word of an action.</summary>
    public static string Word(DecisionAction action) => action switch
    {
        DecisionAction.Allow => "allow",
        DecisionAction.Degrade => "degrade",
        DecisionAction.Block => "block",
    };

    /// <summary>The style class of an action.</summary>
    public static string Class(DecisionAction action) => action switch
    {
        DecisionAction.Allow => "tone-ok",
        DecisionAction.Degrade => "tone-degrade",
        DecisionAction.Block => "tone-exceed",
    };

    /// <summary>Neighbouring columns with one action.</summary>
    internal sealed record Run(DecisionAction Action, int Length, string From, string To)
    {
        /// <summary>When it holds.</summary>
        public string Meaning => From == To ? $"{From}: {Word(Action)}" : $"{From} to {To}: {Word(Action)}";
    }
}
