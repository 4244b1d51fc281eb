namespace Opsmeter.Core.Pricing;

/// <summary>The price that a provider and model have at an instant.</summary>
/// <param name="Provider">The canonical provider that was called.</param>
/// <param name="ProviderInferred">True when the provider was taken from the model, not from what was sent.</param>
/// <param name="Model">The catalogue's model; with a fallback, another provider's.</param>
/// <param name="Price">The price in force; always priced.</param>
public sealed record Resolution(string Provider, bool ProviderInferred, CatalogueModel Model, ModelPrice Price);
