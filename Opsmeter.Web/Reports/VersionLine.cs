using Opsmeter.Core.Analysis;

namespace Opsmeter.Web.Reports;

/// <summary>A prompt version on one endpoint, in one range.</summary>
/// <param name="EndpointTag">The endpoint.</param>
/// <param name="PromptVersion">The version.</param>
/// <param name="FirstSeen">When its first request of the view's environment and data mode occurred, in or before the range.</param>
/// <param name="Sums">Its sums in the range.</param>
/// <param name="Sample">The costs of its priced requests in the range, to compare with another's.</param>
public sealed record VersionLine(string EndpointTag, string PromptVersion, DateTimeOffset FirstSeen, SpendSums Sums, CostSample Sample);
