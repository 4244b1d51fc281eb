using Opsmeter.Core;
using Opsmeter.Core.Budgets;

namespace Opsmeter.Web.Reports;

/// <summary>How far an endpoint's callers ask a budget and obey it, in its running window.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Tier">Its tier.</param>
/// <param name="Spent">What it spent of the budget.</param>
/// <param name="Asked">Share of that whose callers asked first, 0 to 1, or null.</param>
/// <param name="Obeyed">Share of what they were told that they did, 0 to 1; null while they were told nothing.</param>
/// <param name="WhileBlocked">What it spent while the budget told it to stop.</param>
public sealed record EndpointEnforcement(string Endpoint, Tier Tier, Usd Spent, decimal? Asked, decimal? Obeyed, Usd WhileBlocked);
