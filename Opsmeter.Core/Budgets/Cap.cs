namespace Opsmeter.Core.Budgets;

/// <summary>What a budget does to its callers.</summary>
public enum Cap
{
    /// <summary>As critical as the endpoint is: never blocks Tier 1, degrades Tier 2, blocks Tier 3.</summary>
    ByTier,

    /// <summary>Tells people, never callers.</summary>
    Soft,

    /// <summary>Degrades from the warning on, never blocks.</summary>
    Degrade,

    /// <summary>Degrades past the limit and blocks once confirmed.</summary>
    Hard,
}
