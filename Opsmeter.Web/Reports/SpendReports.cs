using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Reports;

/// <summary>Answers what was spent. The same rows that budgets count, so that a page and a budget cannot disagree.</summary>
public sealed class SpendReports(FactStore facts, ValueTexts texts, Boards boards)
{
    /// <summary>The most values of a dimension that a report tells apart; the cheapest beyond it are one row together.</summary>
    public const int MostValues = 25_000;

    /// <summary>The most that a page tells apart: more than anyone reads, and drawn in time whatever is sent.</summary>
    public const int MostOnAPage = 5_000;

    /// <summary>The most versions of endpoints that are told apart; the cheapest beyond it are one line together.</summary>
    public const int MostVersions = 500;

    /// <summary>What those are called.</summary>
    public const string Other = "__other__";

    private const int OtherId = -1;

    /// <summary>Reads a report, as of one moment.</summary>
    public async Task<SpendReport> ReadAsync(SpendQuery query, CancellationToken cancellation = default)
    {
        using var traced = ReportQueries.Begin("spend", query);
        var plan = PlanOf(query);
        return ReportOf(plan, await SumAsync(plan, facts[query.WorkspaceId], cancellation));
    }

    /// <summary>
    /// Every prompt version with requests in a query's range, by endpoint, in order of appearance; past <see cref="MostVersions"/>
    /// the cheapest are one line at the end, <see cref="Other"/>.
    /// </summary>
    public async Task<IReadOnlyList<VersionLine>> ReadVersionsAsync(SpendQuery query, CancellationToken cancellation = default)
    {
        using var traced = ReportQueries.Begin("versions", query);
        var plan = PlanOf(query with { GroupBy = Dimension.EndpointTag, ThenBy = Dimension.PromptVersion, Interval = null, Columns = null });
        var board = facts[query.WorkspaceId];
        var (sums, _) = await SumAsync(plan, board, cancellation, FactColumn.Squares);
        var (start, end) = (0, QuarterHour.AtOrAfter(query.Range.End.UtcTicks));
        var history = await ScanAsync(plan, board, start, end, [FactColumn.First], rows: plan.NeedsRows, cancellation);
        var first = history.Groups.Select((group, place) => (group, place)).ToDictionary(entry => entry.group, entry => history.FirstAt(entry.place));

        // Sized at once: what LINQ would grow it through stays in a pool for minutes.
        var all = new List<(SpendGroup Group, int Place, SpendSums Sums)>(sums.Groups.Count);
        for (var place = 0; place < sums.Groups.Count; place++)
        {
            if (sums.SumsAt(place) is { Requests: > 0 } counted)
            {
                all.Add((sums.Groups[place], place, counted));
            }
        }

        var told = all.Count <= MostVersions ? all : [.. all.OrderByDescending(entry => entry.Sums.Priced).ThenBy(entry => entry.Group.First).Take(MostVersions)];
        var names = texts.Of([.. told.SelectMany(entry => new[] { entry.Group.First, entry.Group.Second }).Distinct()]);
        var lines = told.Select(entry => new VersionLine(
                names[entry.Group.First], names[entry.Group.Second], new DateTimeOffset(first[entry.Group], TimeSpan.Zero), entry.Sums, SampleOf(entry.Sums, sums.SquaresAt(entry.Place))))
            .OrderBy(line => line.EndpointTag, StringComparer.Ordinal).ThenBy(line => line.FirstSeen)
            .ThenBy(line => line.PromptVersion, StringComparer.Ordinal);
        var kept = told.Select(entry => entry.Place).ToHashSet();
        var others = all.FindAll(entry => !kept.Contains(entry.Place));
        if (others.Count == 0)
        {
            return [.. lines];
        }

        var together = others.Aggregate(default(SpendSums), (sum, entry) => sum + entry.Sums);
        return
        [
            .. lines,
            new VersionLine(
                Other, Other, new DateTimeOffset(others.Min(entry => first[entry.Group]), TimeSpan.Zero), together, SampleOf(together, others.Sum(entry => sums.SquaresAt(entry.Place)))),
        ];

        static CostSample SampleOf(SpendSums sums, double squares) => new(sums.Requests - sums.Unpriced, (double)sums.Priced.Dollars, squares);
    }

    /// <summary>Priced requests by endpoint and model, in a query's range and in another, as of one moment.</summary>
    public async Task<(Dictionary<(int Endpoint, int Model), SpendCell> Now, Dictionary<(int Endpoint, int Model), SpendCell> Before)> ReadCellsAsync(
        SpendQuery query, TimeWindow before, CancellationToken cancellation = default)
    {
        var board = facts[query.WorkspaceId];
        return (await CellsAsync(query.Range), await CellsAsync(before));

        async Task<Dictionary<(int, int), SpendCell>> CellsAsync(TimeWindow range)
        {
            using var traced = ReportQueries.Begin("cells", query);
            var plan = PlanOf(query with
            {
                Range = range, GroupBy = Dimension.EndpointTag, ThenBy = Dimension.Model, Interval = null, Columns = null,
                WithLatency = false, Measures = SpendMeasures.Tokens,
            });
            var (sums, _) = await SumAsync(plan, board, cancellation);
            return sums.Groups.Select((group, place) => (group, Sums: sums.SumsAt(place)))
                .Where(entry => entry.Sums.Requests > entry.Sums.Unpriced)
                .ToDictionary(
                    entry => (entry.group.First, entry.group.Second),
                    entry => new SpendCell(entry.Sums.Requests - entry.Sums.Unpriced, entry.Sums.PricedTokens, entry.Sums.Priced));
        }
    }

    /// <summary>The names of dimensions' values; the id of no value has none.</summary>
    public IReadOnlyDictionary<int, string> NamesOf(IReadOnlyCollection<int> ids) => texts.Of(ids);

    private SpendPlan PlanOf(SpendQuery query) => new(
        query, boards[query.WorkspaceId].Policy.Settings.TenantFrom,
        (dimension, values) => texts.IdsOf(query.WorkspaceId, dimension.KindOf(), values));

    /// <summary>
    /// Sums a plan's range: cells of whole quarter-hours where they can tell, rows at edges inside one, and rows throughout
    /// where nothing else can.
    /// </summary>
    private async Task<SpendResult> SumAsync(SpendPlan plan, FactBoard board, CancellationToken cancellation, params FactColumn[] more)
    {
        var (from, to) = (plan.Query.Range.Start.UtcTicks, plan.Query.Range.End.UtcTicks);
        FactColumn[] measures = [.. SpendPlan.MeasuresOf(plan.Query.Measures), .. more];
        FactColumn[] latency = plan.Query.WithLatency ? [FactColumn.Requests, FactColumn.Latency] : [];
        var (firstWhole, lastWhole) = (QuarterHour.AtOrAfter(from), QuarterHour.StartOf(to));
        if (plan.NeedsRows || firstWhole >= lastWhole)
        {
            var all = await ScanAsync(plan, board, from, to, [.. measures.Union(latency)], rows: true, cancellation);
            return new SpendResult(all, latency.Length > 0 ? all : null);
        }

        var sums = await ScanAsync(plan, board, firstWhole, lastWhole, measures, rows: false, cancellation);
        foreach (var (start, end) in new[] { (from, firstWhole), (lastWhole, to) }.Where(edge => edge.Item1 < edge.Item2))
        {
            sums.Add(await ScanAsync(plan, board, start, end, measures, rows: true, cancellation));
        }

        return new SpendResult(
            sums, latency.Length > 0 ? await ScanAsync(plan, board, from, to, latency, rows: true, cancellation) : null);
    }

    private async Task<SpendAggregate> ScanAsync(
        SpendPlan plan, FactBoard board, long from, long to, IReadOnlyList<FactColumn> measures, bool rows, CancellationToken cancellation)
    {
        var scan = new FactScan
        {
            FromTicks = from, ToTicks = to, Rows = rows, Dimensions = plan.Dimensions, Measures = measures, WithTime = plan.HasColumns, Wants = plan.Wants,
        };
        var parts = await facts.ScanAsync(
            board, scan, () => new SpendAggregate(plan, from, to, measures), (sums, batch) => sums.Add(batch), cancellation);
        foreach (var part in parts.Skip(1))
        {
            parts[0].Add(part);
        }

        return parts[0];
    }

    private SpendReport ReportOf(SpendPlan plan, SpendResult result)
    {
        var rows = new Dictionary<SpendGroup, (SpendSums Sums, LatencySketch? Latency)>();
        var (total, allLatency) = (default(SpendSums), plan.Query.WithLatency ? new LatencySketch() : null);
        var most = plan.Query.MostValues;
        var firsts = KeptOf(result.Sums, most, group => group.First);
        var seconds = plan.Groups.Count > 1 ? KeptOf(result.Sums, most, group => group.Second) : null;
        for (var place = 0; place < result.Sums.Groups.Count; place++)
        {
            var (group, sums) = (result.Sums.Groups[place], result.Sums.SumsAt(place));
            if (sums.Requests == 0)
            {
                continue;
            }

            var latency = result.LatencyOf(group);
            total += sums;
            if (latency is not null)
            {
                allLatency!.Add(latency);
            }

            var shown = new SpendGroup(Kept(firsts, group.First), Kept(seconds, group.Second), group.Column);
            if (rows.TryGetValue(shown, out var before))
            {
                if (latency is not null)
                {
                    before.Latency?.Add(latency);
                }

                rows[shown] = (before.Sums + sums, before.Latency ?? latency);
            }
            else
            {
                rows[shown] = (sums, latency);
            }
        }

        return new SpendReport(
            plan.Query.Range, Named(plan, rows), new SpendRow(null, null, null, total, allLatency?.Percentiles()),
            firsts is null && seconds is null ? [] : [$"Only the {most:N0} dearest values are told apart; the others are together in {Other}."]);

        static int Kept(HashSet<int>? kept, int id) => kept is null || kept.Contains(id) ? id : OtherId;
    }

    private IReadOnlyList<SpendRow> Named(SpendPlan plan, Dictionary<SpendGroup, (SpendSums Sums, LatencySketch? Latency)> rows)
    {
        var names = texts.Of([.. rows.Keys.SelectMany(group => new[] { group.First, group.Second }).Distinct()]);
        return
        [
            .. rows.Select(entry => new SpendRow(
                    NameOf(entry.Key.First), NameOf(entry.Key.Second), plan.HasColumns ? plan.ColumnStarts[entry.Key.Column] : null,
                    entry.Value.Sums, entry.Value.Latency?.Percentiles()))
                .OrderBy(row => row.Bucket)
                .ThenByDescending(row => row.Sums.Priced)
                .ThenBy(row => row.Value, StringComparer.Ordinal)
                .ThenBy(row => row.Second, StringComparer.Ordinal),
        ];

        string? NameOf(int id) => id == OtherId ? Other : names.GetValueOrDefault(id);
    }

    /// <summary>The dearest values of a dimension, where there are more than are told apart; else null.</summary>
    private static HashSet<int>? KeptOf(SpendAggregate sums, int most, Func<SpendGroup, int> valueOf)
    {
        if (sums.Groups.Count <= most)
        {
            return null;
        }

        var costs = new Dictionary<int, long>();
        for (var place = 0; place < sums.Groups.Count; place++)
        {
            var value = valueOf(sums.Groups[place]);
            costs[value] = costs.GetValueOrDefault(value) + sums.CostAt(place);
        }

        return costs.Count <= most
            ? null
            : [.. costs.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key).Take(most).Select(entry => entry.Key)];
    }
}
