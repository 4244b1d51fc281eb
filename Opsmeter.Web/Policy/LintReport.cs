using Opsmeter.Core;
using Opsmeter.Core.Budgets;

namespace Opsmeter.Web.Policy;

/// <summary>What the policy check found.</summary>
/// <param name="Findings">The findings, gravest first.</param>
/// <param name="Span">The requests that it looked at occurred in this span.</param>
/// <param name="Requests">How many of them are real ones of production.</param>
public sealed record LintReport(IReadOnlyList<LintFinding> Findings, TimeWindow Span, long Requests);
