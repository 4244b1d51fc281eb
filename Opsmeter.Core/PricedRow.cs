using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core;

/// <summary>A request with its price, as the ledger counts it.</summary>
/// <param name="Request">The request.</param>
/// <param name="Provider">Its canonical provider.</param>
/// <param name="Cost">Its cost, or null when unpriced.</param>
public sealed record PricedRow(LlmRequest Request, string Provider, Usd? Cost);
