using Opsmeter.Core.Budgets;

namespace Opsmeter.Web.Live;

/// <summary>A budget's change of state, as people are told of it.</summary>
/// <param name="Id">The transition's id: the same notice never shows twice.</param>
/// <param name="BudgetName">The budget's name when it happened.</param>
/// <param name="Transition">What happened.</param>
public sealed record StateNotice(long Id, string BudgetName, Transition Transition)
{
    /// <summary>True when it is worth interrupting someone: the state rose to warning or exceeded, or blocking was confirmed.</summary>
    public bool IsAlarming => Transition.Cause != TransitionCause.Late
        && (Transition.To.State > Transition.From.State || (Transition.To.Confirmed && !Transition.From.Confirmed));
}
