using Opsmeter.Core.Analysis;

namespace Opsmeter.Web.Reports;

/// <summary>Two prompt versions of one endpoint side by side.</summary>
/// <param name="EndpointTag">The endpoint.</param>
/// <param name="First">The version that is compared with.</param>
/// <param name="Second">The version that is said to be dearer or cheaper.</param>
/// <param name="Drift">How the second's cost per request differs from the first's; null where there are too few requests to say.</param>
/// <param name="Parts">Why it differs; null where either has no priced request.</param>
public sealed record VersionComparison(
    string EndpointTag, ComparedVersion First, ComparedVersion Second, VersionDrift? Drift, VersionParts? Parts);

/// <summary>One of the two.</summary>
/// <param name="Line">The version in the range.</param>
/// <param name="Latency">Percentiles, where there are requests.</param>
public sealed record ComparedVersion(VersionLine Line, LatencyPercentiles? Latency);
