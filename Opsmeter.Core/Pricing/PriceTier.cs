namespace Opsmeter.Core.Pricing;

/// <summary>The price of requests above a size.</summary>
/// <param name="Start">Total input tokens; exclusive: the tier holds from one token more.</param>
/// <param name="Price">USD per million tokens, for all tokens of the class.</param>
public sealed record PriceTier(long Start, decimal Price);
