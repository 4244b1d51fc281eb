namespace Opsmeter.Core.Pricing;

/// <summary>The price of one token class, in USD per million tokens.</summary>
/// <param name="Base">The price below every threshold.</param>
/// <param name="Tiers">Prices for larger requests, by ascending start; empty where there is one price.</param>
public sealed record ClassPrice(decimal Base, IReadOnlyList<PriceTier> Tiers)
{
    /// <summary>The price of the whole request: that of the highest tier whose start is below its total input tokens.</summary>
    public decimal For(long totalInputTokens)
    {
        for (var i = Tiers.Count - 1; i >= 0; i--)
        {
            if (Tiers[i].Start < totalInputTokens)
            {
                return Tiers[i].Price;
            }
        }

        return Base;
    }
}
