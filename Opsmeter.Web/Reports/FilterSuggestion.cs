using Opsmeter.Core;

namespace Opsmeter.Web.Reports;

/// <summary>A value to filter by.</summary>
/// <param name="Value">The value, as the telemetry gives it.</param>
/// <param name="Cost">What its requests cost; null where none of them is priced.</param>
public sealed record FilterSuggestion(string Value, Usd? Cost);
