using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Budgets;

/// <summary>
/// Decides where a window stands from what it counted. Pure: the same sums, trail and moment give the same standing.
/// </summary>
public static class BudgetEvaluator
{
    private static readonly Measure[] Measures = [Measure.Usd, Measure.Requests, Measure.Tokens];

    /// <summary>The measure with the highest used ÷ limit; of equals, the first of USD, requests, tokens.</summary>
    public static Measure DecidingMeasure(WindowSums sums, Limits limits)
    {
        var deciding = Measure.Usd;
        var highest = -1m;
        foreach (var measure in Measures)
        {
            if (limits.Of(measure) is { } limit && Ratio(sums.Used(measure), limit) is var ratio && ratio > highest)
            {
                highest = ratio;
                deciding = measure;
            }
        }

        return deciding;
    }

    /// <summary>The highest used ÷ limit of all measures; 0 where nothing is limited.</summary>
    public static decimal Use(WindowSums sums, Limits limits)
    {
        var highest = 0m;
        foreach (var measure in Measures)
        {
            if (limits.Of(measure) is { } limit)
            {
                highest = Math.Max(highest, Ratio(sums.Used(measure), limit));
            }
        }

        return highest;
    }

    /// <summary>The state by the highest used ÷ limit.</summary>
    public static BudgetState StateOf(WindowSums sums, Limits limits, decimal warnAt)
    {
        var state = BudgetState.Ok;
        foreach (var measure in Measures)
        {
            if (limits.Of(measure) is not { } limit)
            {
                continue;
            }

            var used = sums.Used(measure);
            var of = used > limit ? BudgetState.Exceeded
                : used >= warnAt * limit ? BudgetState.Warning
                : BudgetState.Ok;
            state = of > state ? of : state;
        }

        return state;
    }

    /// <summary>Evaluates the window that is running at t.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="before">Where the window stood.</param>
    /// <param name="sums">What it has counted.</param>
    /// <param name="trail">What its key counted lately, moved to t.</param>
    /// <param name="window">The window.</param>
    /// <param name="t">The latest <c>occurredAt</c> counted, at most the server's now.</param>
    /// <param name="expected">How use of a measure is expected to spread over the window; asked only where it matters.</param>
    public static Standing Evaluate(
        Budget budget, Limits limits, Standing before, WindowSums sums, SpendTrail trail, TimeWindow window, DateTimeOffset t,
        Func<Measure, ExpectedProfile> expected)
    {
        var state = StateOf(sums, limits, budget.WarnAt);
        if (state == BudgetState.Ok)
        {
            return new Standing(state);
        }

        var measure = DecidingMeasure(sums, limits);
        var overPlan = OverPlanSince(budget, limits, before, sums, trail, window, t, measure, expected);
        if (state != BudgetState.Exceeded)
        {
            return new Standing(state, OverPlanSince: overPlan);
        }

        var passedAt = before.PassedAt ?? t;
        var confirmed = before.Confirmed || (before.Released is { } release
            ? IsConfirmedAgain(budget, limits, release, sums, trail, window, t, measure, expected)
            : IsConfirmed(budget, limits, passedAt, sums, trail, window, t, measure, expected));
        return new Standing(state, confirmed, passedAt, overPlan, before.Released);
    }

    /// <summary>Evaluates a window that is over: its state follows late requests, no decision does.</summary>
    public static Standing EvaluateEnded(Budget budget, Limits limits, Standing before, WindowSums sums)
    {
        var state = StateOf(sums, limits, budget.WarnAt);
        return state == BudgetState.Exceeded ? before with { State = state } : new Standing(state);
    }

    private static bool IsConfirmed(
        Budget budget, Limits limits, DateTimeOffset passedAt, WindowSums sums, SpendTrail trail, TimeWindow window,
        DateTimeOffset t, Measure measure, Func<Measure, ExpectedProfile> expected)
    {
        var confirmation = budget.Confirmation;
        if (confirmation.Mode == ConfirmationMode.Immediate)
        {
            return true;
        }

        var limit = limits.Of(measure) ?? 0;
        var ceiling = confirmation.Ceiling * limit;
        if (sums.Used(measure) >= ceiling)
        {
            return true;
        }

        // At the crossing itself the mean burn is always above 1: one short window later it proves something.
        return !window.IsTotal && t - passedAt >= confirmation.Short
            && IsBurning(confirmation, limit, sums, trail.InLong(measure), trail.InShort(measure), window, t, measure, expected);
    }

    /// <summary>After a release only what came since it is evidence: its burn, or as much again as from the limit to the ceiling.</summary>
    private static bool IsConfirmedAgain(
        Budget budget, Limits limits, Release release, WindowSums sums, SpendTrail trail, TimeWindow window,
        DateTimeOffset t, Measure measure, Func<Measure, ExpectedProfile> expected)
    {
        var confirmation = budget.Confirmation;
        var (limit, since) = (limits.Of(measure) ?? 0, release.Since(measure, sums));
        if (since > 0 && since >= (confirmation.Ceiling - 1) * limit)
        {
            return true;
        }

        return !window.IsTotal && t - release.At >= confirmation.Short
            && IsBurning(
                confirmation, limit, sums, Math.Min(since, trail.InLong(measure)), Math.Min(since, trail.InShort(measure)), window, t, measure, expected);
    }

    private static bool IsBurning(
        Confirmation confirmation, long limit, WindowSums sums, long inLong, long inShort, TimeWindow window, DateTimeOffset t,
        Measure measure, Func<Measure, ExpectedProfile> expected)
    {
        var (ceiling, profile) = (confirmation.Ceiling * limit, expected(measure));
        return End(inLong, confirmation.Long) >= ceiling
            && End(inShort, confirmation.Short) >= ceiling
            && BurnRate.Of(inLong, confirmation.Long, limit, window) >= confirmation.MinRate
            && BurnRate.Of(inShort, confirmation.Short, limit, window) >= confirmation.MinRate;

        decimal? End(long usedInLast, TimeSpan w) => BurnRate.End(sums.Used(measure), usedInLast, w, t, window, profile);
    }

    private static DateTimeOffset? OverPlanSince(
        Budget budget, Limits limits, Standing before, WindowSums sums, SpendTrail trail, TimeWindow window,
        DateTimeOffset t, Measure measure, Func<Measure, ExpectedProfile> expected)
    {
        if (budget.DegradeAt != DegradeAt.OverPlan || window.IsTotal)
        {
            return null;
        }

        var limit = limits.Of(measure) ?? 0;
        var confirmation = budget.Confirmation;
        var profile = expected(measure);
        var endLong = BurnRate.End(sums.Used(measure), trail.InLong(measure), confirmation.Long, t, window, profile);
        if (before.OverPlanSince is { } since)
        {
            return t - since < OverPlanHold(budget.Window.Kind) || endLong >= 0.95m * limit ? since : null;
        }

        var endShort = BurnRate.End(sums.Used(measure), trail.InShort(measure), confirmation.Short, t, window, profile);
        return endLong > limit && endShort > limit ? t : null;
    }

    private static TimeSpan OverPlanHold(WindowKind kind) => kind switch
    {
        WindowKind.Hour => TimeSpan.FromHours(1),
        WindowKind.Day => TimeSpan.FromHours(2),
        WindowKind.Week or WindowKind.Month or WindowKind.Quarter or WindowKind.Year or WindowKind.Total =>
            TimeSpan.FromHours(24),
    };

    private static decimal Ratio(long used, long limit) => limit > 0 ? used / (decimal)limit : 0m;
}
