using Opsmeter.Core.Telemetry;
using Opsmeter.Web.Storage;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Reports;

/// <summary>
/// Finds the latest requests with certain values by their columns: the ledger's own index knows only time, and would read
/// every request to find a rare one.
/// </summary>
public sealed class RequestFinder(FactStore facts, ValueTexts texts, LedgerHealth ledger)
{
    private const int Wider = 8;
    private static readonly TimeSpan First = TimeSpan.FromHours(1);

    private static readonly IReadOnlyList<FactColumn> Measures =
        [FactColumn.Requests, FactColumn.Errors, FactColumn.Unpriced, FactColumn.Seq, FactColumn.Time];

    /// <summary>True for a filter that columns can answer, and answer faster.</summary>
    public static bool CanFind(RequestFilter filter) =>
        (filter.Only.Count > 0 || filter.OnlyErrors || filter.OnlyUnpriced)
        && filter is { OnlyCounted: false, OnlyConflicts: false } && string.IsNullOrEmpty(filter.IdPrefix);

    /// <summary>The places in the ledger of the latest requests of a filter, newest first.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="filter">Which requests.</param>
    /// <param name="after">Only requests after this one in the list, or null.</param>
    /// <param name="count">How many, at most.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<IReadOnlyList<long>> FindAsync(
        int workspaceId, RequestFilter filter, RequestCursor? after, int count, CancellationToken cancellation = default)
    {
        var board = facts[workspaceId];
        var plan = PlanOf(workspaceId, filter);
        var (earliest, latest) = SpanOf(board);
        var end = Math.Min(Math.Min(filter.Range?.End.UtcTicks ?? long.MaxValue, after is null ? long.MaxValue : after.OccurredTicks + 1), latest + 1);
        var start = Math.Max(filter.Range?.Start.UtcTicks ?? 0, earliest);

        // Most filters are met soon: look at the last hour, then further and further back.
        var found = new List<(long Ticks, long Seq)>();
        for (var width = First.Ticks; end > start && found.Count < count; width *= Wider)
        {
            var from = Math.Max(start, end - width);
            found.AddRange((await MatchesAsync(plan, board, filter, after, from, end, cancellation)).OrderDescending().Take(count - found.Count));
            end = from;
        }

        return [.. found.Select(match => match.Seq)];
    }

    private SpendPlan PlanOf(int workspaceId, RequestFilter filter) => new(
        new SpendQuery
        {
            WorkspaceId = workspaceId,
            Range = filter.Range ?? default,
            Environment = filter.Environment,
            DataMode = filter.DataMode,
            Only = filter.Only,
        },
        TenantSource.TenantId,
        (dimension, values) => texts.IdsOf(workspaceId, dimension.KindOf(), values));

    private async Task<IEnumerable<(long Ticks, long Seq)>> MatchesAsync(
        SpendPlan plan, FactBoard board, RequestFilter filter, RequestCursor? after, long from, long to, CancellationToken cancellation)
    {
        var scan = new FactScan
        {
            FromTicks = from, ToTicks = to, Rows = true, Dimensions = plan.Dimensions, Measures = Measures, WithTime = true, Wants = plan.Wants,
        };
        var parts = await facts.ScanAsync(
            board, scan, () => (Matches: new List<(long Ticks, long Seq)>(), Rows: new SpendAggregate(plan, from, to, [])),
            (part, batch) => Match(part.Matches, batch, part.Rows.RowsOf(batch), filter, after),
            cancellation);
        return parts.SelectMany(part => part.Matches);
    }

    private void Match(
        List<(long Ticks, long Seq)> matches, FactBatch batch, ReadOnlySpan<int> rows, RequestFilter filter, RequestCursor? after)
    {
        var requests = batch.Measure(FactColumn.Requests);
        var errors = batch.Measure(FactColumn.Errors);
        var unpriced = batch.Measure(FactColumn.Unpriced);
        var seqs = batch.Measure(FactColumn.Seq);
        var times = batch.Measure(FactColumn.Time);
        var gone = ledger.Start.Seq;
        foreach (var row in rows)
        {
            var (ticks, seq) = (times[row], seqs[row]);
            var isWanted = seq > gone && requests[row] > 0 && (!filter.OnlyErrors || errors[row] > 0) && (!filter.OnlyUnpriced || unpriced[row] > 0)
                && (filter.UpToSeq is not { } last || seq <= last);
            if (isWanted && (after is null || ticks < after.OccurredTicks || (ticks == after.OccurredTicks && seq < after.Seq)))
            {
                matches.Add((ticks, seq));
            }
        }
    }

    private static (long Earliest, long Latest) SpanOf(FactBoard board)
    {
        var (earliest, latest) = (long.MaxValue - 1, 0L);
        foreach (var segment in board.Segments)
        {
            (earliest, latest) = (Math.Min(earliest, segment.FirstTicks), Math.Max(latest, segment.LastTicks));
        }

        foreach (var chunk in board.Tail)
        {
            foreach (var fact in chunk.Span)
            {
                (earliest, latest) = (Math.Min(earliest, fact.OccurredTicks), Math.Max(latest, fact.OccurredTicks));
            }
        }

        return (earliest, latest);
    }
}
