namespace Opsmeter.Core.Budgets;

/// <summary>What blocking waits for once the limit is passed.</summary>
public enum ConfirmationMode
{
    /// <summary>Evidence that spend is still running away.</summary>
    BurnRate,

    /// <summary>Nothing: passing the limit is enough.</summary>
    Immediate,
}
