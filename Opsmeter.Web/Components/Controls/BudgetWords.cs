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
    /// <param name="measure">What decides.</param>
    /// <param name="used">What was used, in the measure: nano-USD, requests or tokens.</param>
    /// <param name="limit">The limit, in the measure.</param>
    /// <param name="exact">Whether to give every digit of what was spent.</param>
    public static string Used(Measure measure, long used, long? limit, bool exact = false) => measure switch
    {
        Measure.Usd => $"{Spent(new Usd(used), exact)} of {(limit is { } nano ? Money.Format(new Usd(nano)) : "no limit")}",
        Measure.Requests => $"{Count.Format(used)} of {Count.Format(limit ?? 0)} requests",
        Measure.Tokens => $"{Count.Format(used)} of {Count.Format(limit ?? 0)} tokens",
    };

    /// <summary>The same of a state.</summary>
    public static string Used(BudgetStateItem item, bool exact = false) => item.Measure switch
    {
        Measure.Usd => Used(item.Measure, Usd.FromDollars(item.SpentUsd).Nano, item.LimitUsd is { } usd ? Usd.FromDollars(usd).Nano : null, exact),
        Measure.Requests => Used(item.Measure, item.Requests, item.LimitRequests),
        Measure.Tokens => Used(item.Measure, item.Tokens, item.LimitTokens),
    };

    /// <summary>Forecast ÷ limit of a state; null without a forecast.</summary>
    public static decimal? Heading(BudgetStateItem item) => item is { ForecastUsd: { } end, LimitUsd: > 0 and { } limit } ? end / limit : null;

    /// <summary>Both burn rates: <c>1.4× / 0.9×</c>; empty for a window without length.</summary>
    public static string Burn(decimal? burnLong, decimal? burnShort) =>
        burnLong is { } one && burnShort is { } two ? $"{Rate(one)} / {Rate(two)}" : "";

    /// <summary>One burn rate: <c>1.4×</c>, <c>22×</c>, <c>&gt;999×</c>: beyond that the number says no more.</summary>
    public static string Rate(decimal burn) =>
        burn >= 1_000 ? ">999×" : burn.ToString(burn < 10 ? "0.0" : "0", System.Globalization.CultureInfo.InvariantCulture) + "×";

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

    private static string Spent(Usd amount, bool exact) => exact ? Money.Format(amount) : Money.Rounded(amount);
}
