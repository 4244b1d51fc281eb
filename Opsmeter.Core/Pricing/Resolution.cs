namespace Opsmeter.Core.Pricing;

/// <summary>Which catalogued model a provider and a model name mean.</summary>
/// <param name="Provider">The canonical provider.</param>
/// <param name="Model">The model, or null where none is meant.</param>
/// <param name="ProviderInferred">True when the provider was taken from the model against what was sent.</param>
public sealed record Resolution(string Provider, CataloguedModel? Model, bool ProviderInferred);
