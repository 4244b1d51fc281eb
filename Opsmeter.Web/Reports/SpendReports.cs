using System.Runtime.InteropServices;
using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Reports;

/// <summary>Answers what was spent. The same rows that budgets count, so that a page and a budget cannot disagree.</summary>
public sealed class SpendReports(FactStore facts, ValueTexts texts, Boards boards, KeptSums kept)
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
        int[] all = [.. Enumerable.Range(0, sums.Groups.Count).Where(sums.HasRequests)];
        var told = Greatest.Of(Array.ConvertAll(all, sums.CostAt), at => sums.Groups[all[at]].First, MostVersions).ConvertAll(at => all[at]);
        var names = texts.Of([.. told.SelectMany(place => new[] { sums.Groups[place].First, sums.Groups[place].Second }).Distinct()]);
        var lines = told.Select(place => new VersionLine(
                names[sums.Groups[place].First], names[sums.Groups[place].Second], FirstOf(place), sums.SumsAt(place), SampleOf(sums.SumsAt(place), sums.SquaresAt(place))))
            .OrderBy(line => line.EndpointTag, StringComparer.Ordinal).ThenBy(line => line.FirstSeen)
            .ThenBy(line => line.PromptVersion, StringComparer.Ordinal);
        if (told.Count == all.Length)
        {
            return [.. lines];
        }

        var kept = told.ToHashSet();
        var (together, squares, first) = (default(SpendSums), 0.0, DateTimeOffset.MaxValue);
        foreach (var place in all.Where(place => !kept.Contains(place)))
        {
            (together, squares) = (together + sums.SumsAt(place), squares + sums.SquaresAt(place));
            first = FirstOf(place) is var seen && seen < first ? seen : first;
        }

        return [.. lines, new VersionLine(Other, Other, first, together, SampleOf(together, squares))];

        DateTimeOffset FirstOf(int place) => new(history.FirstAt(history.Find(sums.Groups[place])), TimeSpan.Zero);

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
        HashSet<Segment> whole = plan.Recurs ? [.. board.Segments.Where(scan.Covers)] : [];
        var key = plan.KeyOf(scan);
        var known = kept.Find(key, whole);
        var parts = await facts.ScanAsync(
            board, scan with { Without = known?.Segments }, () => (Whole: Empty(), Partly: Empty()),
            (part, batch) => (batch.IsPartly ? part.Partly : part.Whole).Add(batch), cancellation);
        var sums = parts[0].Whole;
        if (known is not null)
        {
            sums.Add(known.Sums);
        }

        foreach (var part in parts.Skip(1))
        {
            sums.Add(part.Whole);
        }

        if (whole.Count > (known?.Segments.Count ?? 0))
        {
            kept.Keep(key, whole, sums);
        }

        foreach (var part in parts)
        {
            sums.Add(part.Partly);
        }

        return sums;

        SpendAggregate Empty() => new(plan, from, to, measures);
    }

    private SpendReport ReportOf(SpendPlan plan, SpendResult result)
    {
        var rows = new Dictionary<SpendGroup, (SpendSums Sums, LatencySketch? Latency)>();
        var (total, allLatency) = (default(SpendSums), plan.Query.WithLatency ? new LatencySketch() : null);
        var most = plan.Query.MostValues;
        var firsts = KeptOf(result.Sums, most, group => group.First, isEachOnce: plan.Groups.Count < 2 && !plan.HasColumns);
        var seconds = plan.Groups.Count > 1 ? KeptOf(result.Sums, most, group => group.Second, isEachOnce: false) : null;
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

            ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(rows, new SpendGroup(Kept(firsts, group.First), Kept(seconds, group.Second), group.Column), out _);
            row.Sums += sums;
            if (row.Latency is null)
            {
                row.Latency = latency;
            }
            else if (latency is not null)
            {
                row.Latency.Add(latency);
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
    private static HashSet<int>? KeptOf(SpendAggregate sums, int most, Func<SpendGroup, int> valueOf, bool isEachOnce)
    {
        if (sums.Groups.Count <= most)
        {
            return null;
        }

        var values = sums.Groups.Select(valueOf).ToArray();
        var costs = Enumerable.Range(0, values.Length).Select(sums.CostAt).ToArray();
        if (!isEachOnce)
        {
            var byValue = new Dictionary<int, long>();
            for (var place = 0; place < values.Length; place++)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(byValue, values[place], out _) += costs[place];
            }

            (values, costs) = ([.. byValue.Keys], [.. byValue.Values]);
        }

        return values.Length <= most ? null : [.. Greatest.Of(costs, place => values[place], most).Select(place => values[place])];
    }
}
