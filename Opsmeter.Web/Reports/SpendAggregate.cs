using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Opsmeter.Core;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Reports;

/// <summary>Sums facts by what a plan groups by. Not for two threads at once: give each its own, and add them up.</summary>
/// <remarks>Its loops are compiled in full at once: a report of many rows is read before the runtime has seen them often enough to do so itself.</remarks>
internal sealed class SpendAggregate
{
    // Beyond it a batch's groups are looked up one by one rather than in a table.
    private const int LargestTable = 1 << 18;

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
    private int[] _table = [];

    // Where rows are grouped by one dimension alone: the place of each id and one, 0 for none yet.
    private int[] _direct = [];

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

    /// <summary>Finds the rows of a batch that count; how many there are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Select(FactBatch batch)
    {
        Grow(ref _selected, batch.Count);
        Grow(ref _at, batch.Count);
        var selected = _selected.AsSpan(0, batch.Count);
        for (var i = 0; i < selected.Length; i++)
        {
            selected[i] = i;
        }

        var count = Keep(batch, batch.Count, FactColumn.Scope, _plan.Counts);
        foreach (var (column, ids) in _plan.Filters)
        {
            count = Keep(batch, count, column, ids.Contains);
        }

        if (!batch.IsPartly)
        {
            return count;
        }

        var times = batch.Measure(FactColumn.Time);
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            var time = times[selected[i]];
            selected[kept] = selected[i];
            kept += time >= _range.From && time < _range.To ? 1 : 0;
        }

        return kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Keep(FactBatch batch, int count, FactColumn column, Func<int, bool> counts)
    {
        var allowed = Array.ConvertAll(batch.Values(column), value => counts(value));
        if (!allowed.Contains(false))
        {
            return count;
        }

        var codes = batch.Codes(column);
        var selected = _selected.AsSpan(0, count);
        var kept = 0;
        foreach (var row in selected)
        {
            selected[kept] = row;
            kept += allowed[codes[row]] ? 1 : 0;
        }

        return kept;
    }

    /// <summary>Finds the group of each row selected.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Place(FactBatch batch, int count)
    {
        var selected = _selected.AsSpan(0, count);
        var at = _at.AsSpan(0, count);
        var first = _plan.Groups.Count > 0 ? batch.Codes(_plan.Groups[0]) : [];
        var second = _plan.Groups.Count > 1 ? batch.Codes(_plan.Groups[1]) : [];
        var firstValues = first.IsEmpty ? [0] : batch.Values(_plan.Groups[0]);
        var secondValues = second.IsEmpty ? [0] : batch.Values(_plan.Groups[1]);
        var (lowest, columns) = ColumnsOf(batch, selected, at);
        var size = (long)firstValues.Length * secondValues.Length * columns;
        var isTable = size <= LargestTable;
        if (isTable)
        {
            Grow(ref _table, (int)size);
            _table.AsSpan(0, (int)size).Fill(-1);
        }

        if (_plan.Groups.Count == 1 && columns == 1 && isTable)
        {
            PlaceByOne(first, firstValues, at[0], selected, at);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            var row = selected[i];
            var (a, b, column) = (first.IsEmpty ? 0 : first[row], second.IsEmpty ? 0 : second[row], at[i]);
            if (!isTable)
            {
                at[i] = PlaceOf(new SpendGroup(firstValues[a], secondValues[b], column));
                continue;
            }

            ref var place = ref _table[(((a * secondValues.Length) + b) * columns) + column - lowest];
            if (place < 0)
            {
                place = PlaceOf(new SpendGroup(firstValues[a], secondValues[b], column));
            }

            at[i] = place;
        }
    }

    // The commonest case by far: one dimension, and all rows in one column.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void PlaceByOne(ReadOnlySpan<int> codes, int[] values, int column, ReadOnlySpan<int> selected, Span<int> at)
    {
        var table = _table;
        for (var i = 0; i < selected.Length; i++)
        {
            var code = codes[selected[i]];
            var place = table[code];
            if (place < 0)
            {
                table[code] = place = PlaceOf(new SpendGroup(values[code], 0, column));
            }

            at[i] = place;
        }
    }

    /// <summary>Writes the column of each row selected, and says which is the lowest and how many there may be.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (int Lowest, int Columns) ColumnsOf(FactBatch batch, Span<int> selected, Span<int> columns)
    {
        if (!_plan.HasColumns)
        {
            columns.Clear();
            return (0, 1);
        }

        // Rows come nearly in the order of time: most lie in the column of the one before.
        var times = batch.Measure(FactColumn.Time);
        var (lowest, highest) = (int.MaxValue, 0);
        var (start, column) = (long.MinValue, 0);
        for (var i = 0; i < selected.Length; i++)
        {
            var quarter = times[selected[i]];
            if (quarter != start)
            {
                (start, column) = (quarter, _plan.ColumnAt(quarter));
                (lowest, highest) = (Math.Min(lowest, column), Math.Max(highest, column));
            }

            columns[i] = column;
        }

        return (lowest, highest - lowest + 1);
    }

    private int PlaceOf(SpendGroup group)
    {
        if (_plan.Groups.Count == 1 && !_plan.HasColumns)
        {
            if (group.First >= _direct.Length)
            {
                Array.Resize(ref _direct, Math.Max(group.First + 1, _direct.Length * 2));
            }

            ref var known = ref _direct[group.First];
            if (known == 0)
            {
                known = NewPlace(group) + 1;
            }

            return known - 1;
        }

        ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(_places, group, out var isKnown);
        if (!isKnown)
        {
            place = NewPlace(group);
        }

        return place;
    }

    private int NewPlace(SpendGroup group)
    {
        var place = _groups.Count;
        _groups.Add(group);
        _latency?.Add(new LatencySketch());
        if (place >= _squares.Length)
        {
            Widen(Math.Max(256, _squares.Length * 2));
        }

        return place;
    }

    private void Widen(int size)
    {
        var before = _first.Length;
        Array.Resize(ref _squares, size);
        Array.Resize(ref _first, size);
        _first.AsSpan(before).Fill(long.MaxValue);
        foreach (var measure in _measures)
        {
            Array.Resize(ref _sums[(int)measure], size);
        }
    }

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

    private static void Grow(ref int[] array, int size)
    {
        if (array.Length < size)
        {
            array = new int[size];
        }
    }
}
