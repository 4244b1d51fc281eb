namespace Opsmeter.Core.Pricing;

/// <summary>Where a price comes from.</summary>
/// <param name="Source">The catalogue, such as <c>genai-prices</c>.</param>
/// <param name="Version">The catalogue's version.</param>
/// <param name="Provider">The provider whose price it is; with a fallback, not the provider that was called.</param>
/// <param name="Model">The model's id in the catalogue.</param>
public sealed record PriceOrigin(string Source, string Version, string Provider, string Model);
