namespace Opsmeter.Core.Pricing;

/// <summary>What pricing found for one request.</summary>
/// <param name="Cost">Its cost, or null when unpriced: never 0 for want of a price.</param>
/// <param name="Provider">Its canonical provider: the catalogue's id, or what was sent in lower case where the catalogue has none.</param>
/// <param name="ProviderInferred">True when the provider that was sent contradicts the model, and the model decided.</param>
/// <param name="Rates">The rates that give the cost, or null when no price was found.</param>
/// <param name="ReportedCostUsed">True when no price was found and the cost is what the sender reported.</param>
public sealed record PricedRequest(
    Usd? Cost, string Provider, bool ProviderInferred, AppliedRates? Rates, bool ReportedCostUsed);
