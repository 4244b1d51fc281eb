namespace Opsmeter.Core.Budgets;

/// <summary>Where a window's spend stands against its limit, in order of gravity.</summary>
public enum BudgetState
{
    /// <summary>Spend is below <c>warnAt × limit</c>.</summary>
    Ok,

    /// <summary>Spend is at least <c>warnAt × limit</c>.</summary>
    Warning,

    /// <summary>Spend is above the limit.</summary>
    Exceeded,
}
