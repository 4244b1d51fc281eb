namespace Opsmeter.Web.Storage.Facts;

/// <summary>
/// Some facts, column by column. The columns are lent: they hold other facts once the next batch is read.
/// </summary>
public sealed class FactBatch
{
    private const int LeastRoom = 32_768;

    private readonly int[][] _codes = new int[(int)FactColumn.Time][];
    private readonly int[][] _values = new int[(int)FactColumn.Time][];
    private readonly bool[] _zero = new bool[Enum.GetValues<FactColumn>().Length];
    private readonly long[][] _measures = new long[Enum.GetValues<FactColumn>().Length][];

    /// <summary>How many facts.</summary>
    public int Count { get; internal set; }

    /// <summary>True when facts of it may lie outside the range asked for.</summary>
    public bool IsPartly { get; internal set; }

    /// <summary>True when its facts are cells rather than rows.</summary>
    public bool IsCells { get; internal set; }

    /// <summary>Each fact's place in <see cref="Values"/>.</summary>
    public ReadOnlySpan<int> Codes(FactColumn dimension) => _codes[(int)dimension].AsSpan(0, Count);

    /// <summary>The distinct values of a dimension: ids, or scopes.</summary>
    public int[] Values(FactColumn dimension) => _values[(int)dimension];

    /// <summary>Each fact's measure. Of <see cref="FactColumn.Squares"/> the bits of a double.</summary>
    public ReadOnlySpan<long> Measure(FactColumn measure) => _measures[(int)measure].AsSpan(0, Count);

    /// <summary>True when the measure of every fact is 0, so that adding it changes nothing.</summary>
    public bool IsZero(FactColumn measure) => _zero[(int)measure];

    internal Span<int> CodesFor(FactColumn dimension)
    {
        ref var codes = ref _codes[(int)dimension];
        if (codes is null || codes.Length < Count)
        {
            codes = new int[Math.Max(Count, LeastRoom)];
        }

        return codes.AsSpan(0, Count);
    }

    internal Span<long> MeasuresOf(FactColumn measure) => _measures[(int)measure].AsSpan(0, Count);

    internal void SetZero(FactColumn measure) => _zero[(int)measure] = true;

    internal void SetValues(FactColumn dimension, int[] values) => _values[(int)dimension] = values;

    internal Span<long> MeasureFor(FactColumn measure)
    {
        ref var measures = ref _measures[(int)measure];
        if (measures is null || measures.Length < Count)
        {
            measures = new long[Math.Max(Count, LeastRoom)];
        }

        _zero[(int)measure] = false;
        return measures.AsSpan(0, Count);
    }
}
