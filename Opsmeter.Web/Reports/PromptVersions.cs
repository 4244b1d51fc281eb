using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Reads the prompt versions of a view, each against the one before it, and any two of them side by side.</summary>
public sealed class PromptVersions(SpendReports reports, RecentReads recent)
{
    private static readonly TimeSpan MostBefore = TimeSpan.FromDays(2);

    /// <summary>
    /// Every endpoint with its versions, the dearest first. A filter by version hides the others and changes no number:
    /// shares and changes need the versions that it hides.
    /// </summary>
    public async Task<IReadOnlyList<EndpointVersions>> ReadAsync(SpendPeriod period, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(period);
        var lines = await reports.ReadVersionsAsync(OfAllVersions(period.Query), cancellation);
        var total = lines.Aggregate(Usd.Zero, (sum, line) => sum + line.Sums.Priced);
        IReadOnlyList<EndpointVersions> endpoints =
        [
            .. lines.GroupBy(line => line.EndpointTag, StringComparer.Ordinal)
                .Select(group => Stand([.. group], period.Range.Window, total))
                .OrderByDescending(endpoint => endpoint.Sums.Priced).ThenBy(endpoint => endpoint.EndpointTag, StringComparer.Ordinal),
        ];
        return recent.Keep(period.WorkspaceId, KeyOf(period.View), endpoints);
    }

    /// <summary>What was read of a view in the last seconds, or null.</summary>
    public IReadOnlyList<EndpointVersions>? Recent(int workspaceId, SpendView view) =>
        recent.Recall<IReadOnlyList<EndpointVersions>>(workspaceId, KeyOf(view));

    /// <summary>Compares two versions of one endpoint.</summary>
    /// <param name="period">The view; its filters by endpoint and version are replaced by these.</param>
    /// <param name="endpoint">The endpoint, as it was read of the view.</param>
    /// <param name="first">One version.</param>
    /// <param name="second">The other one, that is said to be dearer or cheaper than the first.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <returns>Null where either has no request in the range.</returns>
    public async Task<VersionComparison?> CompareAsync(
        SpendPeriod period, EndpointVersions endpoint, string first, string second, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(period);
        ArgumentNullException.ThrowIfNull(endpoint);
        if (endpoint.Find(first) is not { } a || endpoint.Find(second) is not { } b || a == b)
        {
            return null;
        }

        var only = new Dictionary<Dimension, IReadOnlyList<string>>(period.Query.Only)
        {
            [Dimension.EndpointTag] = [endpoint.EndpointTag],
            [Dimension.PromptVersion] = [first, second],
        };
        var query = period.Query with { Only = only, GroupBy = Dimension.PromptVersion, Measures = SpendMeasures.Tokens };
        var latency = await reports.ReadAsync(query with { WithLatency = true }, cancellation);
        var models = await reports.ReadAsync(query with { ThenBy = Dimension.Model }, cancellation);
        return new VersionComparison(
            endpoint.EndpointTag,
            new ComparedVersion(a.Line, LatencyOf(first)),
            new ComparedVersion(b.Line, LatencyOf(second)),
            VersionDrift.Between(a.Line.Sample, b.Line.Sample),
            VersionParts.Between(CellsOf(models, first, second, period.Now)));

        LatencyPercentiles? LatencyOf(string version) => latency.Rows.FirstOrDefault(row => row.Value == version)?.Latency;
    }

    private static string KeyOf(SpendView view) => $"{nameof(PromptVersions)} {view.Without(Dimension.PromptVersion).ToQuery()}";

    private static SpendQuery OfAllVersions(SpendQuery query) =>
        query with { Only = query.Only.Where(only => only.Key != Dimension.PromptVersion).ToDictionary(), Measures = SpendMeasures.Tokens };

    private static EndpointVersions Stand(IReadOnlyList<VersionLine> lines, TimeWindow range, Usd total)
    {
        // Of an hour, the hour before is shortly before; of a month, two days are.
        var shortlyBefore = range.Start - (range.Length < MostBefore ? range.Length : MostBefore);
        var sums = lines.Aggregate(default(SpendSums), (sum, line) => sum + line.Sums);
        return new EndpointVersions(
            lines[0].EndpointTag, sums, Part(sums.Priced, total),
            [
                .. lines.Select((line, index) => new VersionStanding(
                    line, line.FirstSeen >= range.Start, line.FirstSeen < range.Start && line.FirstSeen >= shortlyBefore,
                    Part(line.Sums.Priced, sums.Priced), index == 0 ? null : lines[index - 1].PromptVersion,
                    index == 0 ? null : VersionDrift.Between(lines[index - 1].Sample, line.Sample))),
            ]);
    }

    private static double? Part(Usd part, Usd whole) => whole > Usd.Zero ? (double)(part.Dollars / whole.Dollars) : null;

    // A model without a priced request has no cost to compare: it is left out, as it is of the mean.
    private static List<(VersionCell Earlier, VersionCell Later, TokenRates? Rates)> CellsOf(
        SpendReport models, string first, string second, DateTimeOffset at) =>
    [
        .. models.Rows.Where(row => row.Sums.Requests > row.Sums.Unpriced).GroupBy(row => row.Second, StringComparer.Ordinal)
            .Select(model => (CellOf(model, first), CellOf(model, second), RatesOf(model.Key, model, at))),
    ];

    private static VersionCell CellOf(IEnumerable<SpendRow> rows, string version) =>
        rows.FirstOrDefault(row => row.Value == version) is { Sums: var sums }
            ? new VersionCell(sums.Requests - sums.Unpriced, (double)sums.Priced.Dollars, sums.InputTokens, sums.CachedInputTokens, sums.OutputTokens)
            : default;

    private static TokenRates? RatesOf(string? model, IEnumerable<SpendRow> rows, DateTimeOffset at)
    {
        var sums = rows.Aggregate(default(SpendSums), (sum, row) => sum + row.Sums);
        return model is not null
            && PriceBook.BuiltIn.Resolve(null, model, at)?.Price.For(sums.InputTokens / sums.Requests, ServiceTier.Standard)
                is { Input: { } input, Cached: { } cached, Output: { } output }
            ? new TokenRates((double)input, (double)cached, (double)output)
            : null;
    }
}
