using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Opsmeter.Web.Storage.Facts;

namespace Opsmeter.Web.Reports;

// Which rows of a batch count, and in which group each of them does.
internal sealed partial class SpendAggregate
{
    // Beyond it a batch's groups are looked up one by one rather than in a table.
    private const int LargestTable = 1 << 18;

    // Where rows are grouped by one dimension alone: the place of each id and one, 0 for none yet.
    private int[] _direct = [];
    private int[] _table = [];

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

    private static void Grow(ref int[] array, int size)
    {
        if (array.Length < size)
        {
            array = new int[size];
        }
    }
}
