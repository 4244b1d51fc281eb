namespace Opsmeter.Core.Decisions;

/// <summary>What one request adds to a budget's enforcement.</summary>
/// <param name="BudgetId">The budget.</param>
/// <param name="Key">Its key; null where it counts together.</param>
/// <param name="Endpoint">The request's endpoint.</param>
/// <param name="Window">When the window starts that counts it.</param>
/// <param name="Amount">What is added.</param>
public readonly record struct EnforcedRow(string BudgetId, string? Key, string Endpoint, DateTimeOffset Window, Enforcement Amount);
