using Opsmeter.Core;

namespace Opsmeter.Web.Reports;

/// <summary>What was spent, by value of a dimension and by interval.</summary>
/// <param name="Range">From, inclusive, to, exclusive.</param>
/// <param name="Rows">By bucket, then by cost, highest first.</param>
/// <param name="Totals">All rows together.</param>
/// <param name="Notices">What a reader should know of it, in words.</param>
public sealed record SpendReport(TimeWindow Range, IReadOnlyList<SpendRow> Rows, SpendRow Totals, IReadOnlyList<string> Notices);

/// <summary>One row of a report.</summary>
/// <param name="Value">The dimension's value; null where requests have none, or nothing is grouped by.</param>
/// <param name="Second">The second dimension's value, where two are grouped by.</param>
/// <param name="Bucket">The start of the interval, in the report's zone; null without intervals.</param>
/// <param name="Sums">The sums.</param>
/// <param name="Latency">Percentiles, where asked for.</param>
public sealed record SpendRow(string? Value, string? Second, DateTimeOffset? Bucket, SpendSums Sums, LatencyPercentiles? Latency = null);

/// <summary>Latency in milliseconds that half and 95 % of requests do not exceed.</summary>
public sealed record LatencyPercentiles(int P50Ms, int P95Ms);
