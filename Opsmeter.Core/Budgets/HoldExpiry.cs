namespace Opsmeter.Core.Budgets;

/// <summary>What a hold becomes when its request never arrives.</summary>
public enum HoldExpiry
{
    /// <summary>It stays held, since the call probably ran.</summary>
    Charge,

    /// <summary>It is given back.</summary>
    Release,
}
