namespace Opsmeter.Core.Decisions;

/// <summary>Where the amount of a hold comes from.</summary>
public enum HoldBasis
{
    /// <summary>The caller's own estimate: its input and the most output that it lets the model write.</summary>
    Estimate,

    /// <summary>The mean of its endpoint and model over seven days: no bound, only likely.</summary>
    Mean,
}
