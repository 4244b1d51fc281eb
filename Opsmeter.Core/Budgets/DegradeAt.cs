namespace Opsmeter.Core.Budgets;

/// <summary>When a budget whose table says "degrade at warning" begins to.</summary>
public enum DegradeAt
{
    /// <summary>At the warning.</summary>
    Warning,

    /// <summary>At the warning, but only while the window is heading past its limit.</summary>
    OverPlan,
}
