using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;

namespace Opsmeter.Core.Alerts;

/// <summary>Which changes of state people are told of. Pure.</summary>
public static class AlertRules
{
    /// <summary>The kinds that states reach; a forecast is told apart from them.</summary>
    public static readonly AlertKinds OfState = AlertKinds.None.With(AlertKind.Recovered).With(AlertKind.Warning)
        .With(AlertKind.Degraded).With(AlertKind.Exceeded).With(AlertKind.Blocked);

    private static readonly AlertKinds WorthRecovering = AlertKinds.None.With(AlertKind.Degraded).With(AlertKind.Exceeded).With(AlertKind.Blocked);

    /// <summary>What a change of state is news of.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="transition">The change.</param>
    /// <param name="sent">The kinds that were told of this budget, key and window already, and not re-armed since.</param>
    /// <returns>
    /// The kinds that are told now, as one alert of the gravest that names the others; none where it is no news. A late
    /// request's change is none: nothing can be done about a window that is over.
    /// </returns>
    public static AlertKinds Raised(Budget budget, Transition transition, AlertKinds sent)
    {
        ArgumentNullException.ThrowIfNull(transition);
        if (transition.Cause == TransitionCause.Late)
        {
            return AlertKinds.None;
        }

        var (from, to) = (transition.From, transition.To);
        if (Rank(to).CompareTo(Rank(from)) < 0)
        {
            return WorthRecovering.Except(WorthRecovering.Except(sent)).IsEmpty ? AlertKinds.None : AlertKinds.None.With(AlertKind.Recovered);
        }

        return Reached(budget, to).Except(sent);
    }

    /// <summary>
    /// True where what was raised goes to the inbox and the digest alone: a warning while the window, at the pace of the
    /// long burn, ends within its limit.
    /// </summary>
    /// <param name="change">The change that raised it.</param>
    /// <param name="raised">What it raised.</param>
    public static bool IsOnPlan(Transition change, AlertKinds raised)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (raised.Gravest != AlertKind.Warning || change.BurnLong is not { } burn || change.Window.IsTotal || change.Limits.Of(change.Measure) is not { } limit)
        {
            return false;
        }

        var left = (decimal)(change.Window.End - change.At).Ticks / change.Window.Length.Ticks;
        return change.Sums.Used(change.Measure) + (burn * left * limit) <= limit;
    }

    /// <summary>The kinds whose threshold a standing is at or beyond; what was told of the others is told again when they are reached again.</summary>
    public static AlertKinds Reached(Budget budget, Standing standing)
    {
        var reached = AlertKinds.None;
        reached = standing.State >= BudgetState.Warning ? reached.With(AlertKind.Warning) : reached;
        reached = standing.State == BudgetState.Exceeded ? reached.With(AlertKind.Exceeded) : reached;
        return DecisionTable.StrictestFor(budget, standing) switch
        {
            DecisionAction.Allow => reached,
            DecisionAction.Degrade => reached.With(AlertKind.Degraded),
            DecisionAction.Block => reached.With(AlertKind.Degraded).With(AlertKind.Blocked),
        };
    }

    private static (BudgetState State, bool Confirmed) Rank(Standing standing) => (standing.State, standing.Confirmed);
}
