namespace Opsmeter.Web.Policy;

/// <summary>The three answers that a starter policy is made from.</summary>
public sealed class StarterAnswers
{
    /// <summary>What a month may cost, in USD.</summary>
    public decimal? MonthlyBudgetUsd { get; set; }

    /// <summary>Who owns it: a member's e-mail.</summary>
    public string? Owner { get; set; }

    /// <summary>The endpoints that earn money, or patterns of them; they become Tier 1.</summary>
    public List<string> RevenueEndpoints { get; set; } = [];
}
