using Opsmeter.Core.Budgets;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>An endpoint's tier and why.</summary>
/// <param name="Tier">The tier.</param>
/// <param name="Entry">The entry that names it; null where none does and the workspace's default holds.</param>
public sealed record EndpointStanding(Tier Tier, Pattern? Entry);
