using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Reports;

namespace Opsmeter.Web.Components.Controls;

/// <summary>Says of budgets, in few words, what pages and messages say again and again.</summary>
public static class BudgetWords
{
    /// <summary>What was used of the deciding limit: <c>$41.20 of $50.00</c>, <c>1,204 of 1,000 requests</c>.</summary>
    public static string Used(Measure measure, WindowSums sums, Limits limits) => measure switch
    {
        Measure.Usd => $"{Money.Rounded(sums.Spend)} of {Limit(limits.Usd)}",
        Measure.Requests => $"{Count.Format(sums.Requests)} of {Count.Format(limits.Requests ?? 0)} requests",
        Measure.Tokens => $"{Count.Format(sums.Tokens)} of {Count.Format(limits.Tokens ?? 0)} tokens",
    };

    /// <summary>The same of a state.</summary>
    public static string Used(BudgetStateItem item) => item.Measure switch
    {
        Measure.Usd => $"{Money.Rounded(Usd.FromDollars(item.SpentUsd))} of {Limit(item.LimitUsd is { } usd ? Usd.FromDollars(usd) : null)}",
        Measure.Requests => $"{Count.Format(item.Requests)} of {Count.Format(item.LimitRequests ?? 0)} requests",
        Measure.Tokens => $"{Count.Format(item.Tokens)} of {Count.Format(item.LimitTokens ?? 0)} tokens",
    };

    /// <summary>Both burn rates: <c>1.4× / 0.9×</c>; empty for a window without length.</summary>
    public static string Burn(decimal? burnLong, decimal? burnShort) =>
        burnLong is { } one && burnShort is { } two ? $"{Rate(one)} / {Rate(two)}" : "";

    /// <summary>One burn rate: <c>1.4×</c>, <c>22×</c>.</summary>
    public static string Rate(decimal burn) =>
        burn.ToString(burn < 10 ? "0.0" : "#,##0", System.Globalization.CultureInfo.InvariantCulture) + "×";

    /// <summary>The chip of a state.</summary>
    public static ChipState ChipOf(BudgetState state) => state switch
    {
        BudgetState.Ok => ChipState.Ok,
        BudgetState.Warning => ChipState.Warning,
        BudgetState.Exceeded => ChipState.Exceeded,
    };

    /// <summary>The chip of what callers are told; null while all of them are let through.</summary>
    public static ChipState? ChipOf(DecisionAction action) => action switch
    {
        DecisionAction.Allow => null,
        DecisionAction.Degrade => ChipState.Degraded,
        DecisionAction.Block => ChipState.Blocking,
    };

    private static string Limit(Usd? limit) => limit is { } amount ? Money.Format(amount) : "no limit";
}
