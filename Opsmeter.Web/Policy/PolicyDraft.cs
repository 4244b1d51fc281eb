namespace Opsmeter.Web.Policy;

/// <summary>A whole policy while it is being written. What is null was left out and stays as it is.</summary>
internal sealed class PolicyDraft
{
    public List<Item<BudgetDraft>>? Budgets { get; set; }
    public List<Item<TierDraft>>? Tiers { get; set; }
    public List<Item<EscalationDraft>>? Escalations { get; set; }
    public int? DefaultTier { get; set; }
    public TierModesDraft? DegradedModes { get; set; }

    /// <summary>Whether the workspace only observes; no document says it.</summary>
    public bool? Observe { get; set; }

    /// <summary>One of a list.</summary>
    /// <param name="Id">Its id; null for one that is found by its name or pattern, or is new.</param>
    /// <param name="Draft">What it says.</param>
    public sealed record Item<T>(string? Id, T Draft);
}
