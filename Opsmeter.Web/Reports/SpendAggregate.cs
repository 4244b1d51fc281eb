using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Opsmeter.Core;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Reports;

/// <summary>Sums facts by what a plan groups by. Not for two threads at once: give each its own, and add them up.</summary>
/// <remarks>Its loops are compiled in full at once: a report of many rows is read before the runtime has seen them often enough to do so itself.</remarks>
internal sealed partial class SpendAggregate
{
    // Its entry in the list and in the dictionary, the sum of its squares and when it was first seen.
    private const int BytesAGroup = 80;

    private readonly SpendPlan _plan;
    private readonly (long From, long To) _range;
    private readonly IReadOnlyList<FactColumn> _measures;
    private readonly Dictionary<SpendGroup, int> _places = [];
    private readonly List<SpendGroup> _groups = [];
    private readonly long[][] _sums = new long[Enum.GetValues<FactColumn>().Length][];
    private readonly List<LatencySketch>? _latency;
    private double[] _squares = [];
    private long[] _first = [];
    private int[] _selected = [];
    private int[] _at = [];

    /// <summary>Makes an empty one.</summary>
    /// <param name="plan">What is grouped and filtered by.</param>
    /// <param name="fromTicks">Facts before it are left out.</param>
    /// <param name="toTicks">Facts at or after it are left out.</param>
    /// <param name="measures">What is read of each fact.</param>
    public SpendAggregate(SpendPlan plan, long fromTicks, long toTicks, IReadOnlyList<FactColumn> measures)
    {
        (_plan, _range, _measures) = (plan, (fromTicks, toTicks), measures);
        _latency = measures.Contains(FactColumn.Latency) ? [] : null;
    }

    /// <summary>The groups there are.</summary>
    public IReadOnlyList<SpendGroup> Groups => _groups;

    /// <summary>Adds the facts of a batch that the plan wants.</summary>
    public void Add(FactBatch batch)
    {
        var count = Select(batch);
        if (count == 0)
        {
            return;
        }

        Place(batch, count);
        var selected = _selected.AsSpan(0, count);
        var at = _at.AsSpan(0, count);
        foreach (var measure in _measures)
        {
            switch (measure)
            {
                case FactColumn.Latency:
                    AddLatency(batch, selected, at);
                    break;
                case FactColumn.Squares:
                    AddSquares(batch.Measure(measure), selected, at);
                    break;
                case FactColumn.First:
                    KeepFirst(batch.Measure(measure), selected, at);
                    break;
                default:
                    if (!batch.IsZero(measure))
                    {
                        AddMeasure(batch.Measure(measure), _sums[(int)measure], selected, at);
                    }

                    break;
            }
        }
    }

    /// <summary>The rows of a batch that count: valid until the next batch.</summary>
    public ReadOnlySpan<int> RowsOf(FactBatch batch)
    {
        var count = Select(batch);
        return _selected.AsSpan(0, count);
    }

    /// <summary>Adds all of another of the same plan.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(SpendAggregate other)
    {
        Grow(ref _at, other._groups.Count);
        var at = _at.AsSpan(0, other._groups.Count);
        for (var i = 0; i < at.Length; i++)
        {
            at[i] = PlaceOf(other._groups[i]);
            _squares[at[i]] += other._squares[i];
            _first[at[i]] = Math.Min(_first[at[i]], other._first[i]);
            _latency?[at[i]].Add(other._latency![i]);
        }

        foreach (var measure in _measures)
        {
            if (other._sums[(int)measure] is not { } sums)
            {
                continue;
            }

            var mine = _sums[(int)measure];
            for (var i = 0; i < at.Length; i++)
            {
                mine[at[i]] = checked(mine[at[i]] + sums[i]);
            }
        }
    }

    /// <summary>Another with the same sums, and nothing of what adding took.</summary>
    public SpendAggregate Copy()
    {
        var copy = new SpendAggregate(_plan, _range.From, _range.To, _measures);
        copy.Add(this);
        return copy;
    }

    /// <summary>About how much memory its sums take, in bytes.</summary>
    public long Bytes => (_groups.Count * (BytesAGroup + ((long)_measures.Count * sizeof(long)))) + (_latency?.Sum(sketch => sketch.Bytes) ?? 0);

    /// <summary>The sums of a group.</summary>
    public SpendSums SumsAt(int place) => new(
        Sum(FactColumn.Requests, place), Sum(FactColumn.Errors, place), Sum(FactColumn.Unpriced, place), new Usd(Sum(FactColumn.Cost, place)),
        Sum(FactColumn.Input, place), Sum(FactColumn.Output, place), Sum(FactColumn.Cached, place), Sum(FactColumn.CacheWrite, place),
        Sum(FactColumn.Reasoning, place), Sum(FactColumn.Audio, place), Sum(FactColumn.UnpricedTokens, place),
        Sum(FactColumn.ReportedRequests, place), new Usd(Sum(FactColumn.Reported, place)), new Usd(Sum(FactColumn.ReportedComputed, place)));

    /// <summary>The place of a group that there is, of two dimensions or columns.</summary>
    public int Find(SpendGroup group) => _places[group];

    /// <summary>True where a group has requests that were not all taken back.</summary>
    public bool HasRequests(int place) => Sum(FactColumn.Requests, place) > 0;

    /// <summary>What the priced requests of a group cost.</summary>
    public long CostAt(int place) => Sum(FactColumn.Cost, place);

    /// <summary>The sum of the squared costs of a group, in dollars.</summary>
    public double SquaresAt(int place) => _squares[place];

    /// <summary>When the earliest request of a group occurred, in UTC ticks.</summary>
    public long FirstAt(int place) => _first[place];

    /// <summary>The latencies of a group, or null where they were not read.</summary>
    public LatencySketch? LatencyAt(int place) => _latency?[place];

    private long Sum(FactColumn measure, int place) => _sums[(int)measure]?[place] ?? 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddMeasure(ReadOnlySpan<long> values, long[] sums, ReadOnlySpan<int> selected, ReadOnlySpan<int> at)
    {
        for (var i = 0; i < selected.Length; i++)
        {
            sums[at[i]] = checked(sums[at[i]] + values[selected[i]]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddSquares(ReadOnlySpan<long> bits, ReadOnlySpan<int> selected, ReadOnlySpan<int> at)
    {
        for (var i = 0; i < selected.Length; i++)
        {
            _squares[at[i]] += BitConverter.Int64BitsToDouble(bits[selected[i]]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void KeepFirst(ReadOnlySpan<long> times, ReadOnlySpan<int> selected, ReadOnlySpan<int> at)
    {
        for (var i = 0; i < selected.Length; i++)
        {
            _first[at[i]] = Math.Min(_first[at[i]], times[selected[i]]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddLatency(FactBatch batch, ReadOnlySpan<int> selected, ReadOnlySpan<int> at)
    {
        var values = batch.Measure(FactColumn.Latency);
        var signs = batch.Measure(FactColumn.Requests);
        var sketches = CollectionsMarshal.AsSpan(_latency);
        for (var i = 0; i < selected.Length; i++)
        {
            var row = selected[i];
            sketches[at[i]].Add((int)values[row], signs[row] < 0);
        }
    }
}
