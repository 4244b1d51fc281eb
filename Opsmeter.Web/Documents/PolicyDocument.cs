namespace Opsmeter.Web.Documents;

/// <summary>A workspace's whole policy as one document, to be kept beside the code that it rules.</summary>
public sealed record PolicyDocument
{
    /// <summary>The budgets, by name.</summary>
    public required IReadOnlyList<BudgetDocument> Budgets { get; init; }

    /// <summary>The tier entries, by pattern.</summary>
    public required IReadOnlyList<TierDocument> Tiers { get; init; }

    /// <summary>Who is told when, the default first, then by name.</summary>
    public required IReadOnlyList<EscalationDocument> Escalations { get; init; }

    /// <summary>The tier of endpoints that no entry names.</summary>
    public required int DefaultTier { get; init; }

    /// <summary>What degraded callers of each tier are told, where neither the budget nor the tier entry says.</summary>
    public required TierModesDocument DegradedModes { get; init; }
}
