namespace Opsmeter.Core.Pricing;

/// <summary>What pricing found out about a request.</summary>
public sealed record PricedRequest
{
    /// <summary>The cost, or null when unpriced: never 0 for want of a price.</summary>
    public Usd? Cost { get; init; }

    /// <summary>The canonical provider; what was sent, in lower case, where the catalogue does not know it.</summary>
    public required string Provider { get; init; }

    /// <summary>True when the provider sent contradicts the model and was inferred from it.</summary>
    public bool ProviderInferred { get; init; }

    /// <summary>The rates used, or null.</summary>
    public AppliedRates? Rates { get; init; }

    /// <summary>True when no price was found and the cost is what the caller reported.</summary>
    public bool ReportedCostUsed { get; init; }
}
