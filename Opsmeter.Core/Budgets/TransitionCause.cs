namespace Opsmeter.Core.Budgets;

/// <summary>What moved a state.</summary>
public enum TransitionCause
{
    /// <summary>A request counted in the running window.</summary>
    Request,

    /// <summary>A request that came after its window had ended.</summary>
    Late,

    /// <summary>A change of the policy.</summary>
    Policy,

    /// <summary>A correction of the ledger: a request voided or replaced.</summary>
    Correction,

    /// <summary>A person ended a block.</summary>
    Release,
}
