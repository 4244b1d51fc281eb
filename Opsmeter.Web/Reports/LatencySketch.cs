namespace Opsmeter.Web.Reports;

/// <summary>
/// Latencies as they can be added to each other. Few are kept as they are and give exact percentiles; many are counted in
/// buckets that grow by 2 %, so that a percentile is off by 1 % at most.
/// </summary>
/// <remarks>
/// Buckets of relative size: C. Masson, J. Rim, H. Lee, "DDSketch: a fast and fully-mergeable quantile sketch with
/// relative-error guarantees", VLDB 12 (2019). Unlike there, what was added can be taken back.
/// </remarks>
internal sealed class LatencySketch
{
    /// <summary>Up to here percentiles are exact.</summary>
    public const int MostExact = 512;

    private const double Growth = 1.02;
    private const int Longest = 86_400_000;
    private static readonly double LogGrowth = Math.Log(Growth);
    private static readonly ushort[] Near = [.. Enumerable.Range(0, 1 << 14).Select(ms => (ushort)Compute(ms))];

    // As they came, and the complement of those taken back; null once they are counted in buckets.
    private List<int>? _values = [];
    private long[]? _counts;

    /// <summary>About how much memory it takes, in bytes.</summary>
    public long Bytes => _values is not null ? _values.Capacity * sizeof(int) : _counts!.Length * sizeof(long);

    /// <summary>Adds a latency, or takes one back that was added.</summary>
    public void Add(int milliseconds, bool isTakenBack)
    {
        if (_values is not null)
        {
            _values.Add(isTakenBack ? ~milliseconds : milliseconds);
            if (_values.Count > MostExact)
            {
                Spill();
            }
        }
        else
        {
            _counts![BucketOf(milliseconds)] += isTakenBack ? -1 : 1;
        }
    }

    /// <summary>Adds all of another.</summary>
    public void Add(LatencySketch other)
    {
        if (other._values is not null)
        {
            foreach (var value in other._values)
            {
                Add(value < 0 ? ~value : value, value < 0);
            }

            return;
        }

        if (_values is not null)
        {
            Spill();
        }

        for (var i = 0; i < _counts!.Length; i++)
        {
            _counts[i] += other._counts![i];
        }
    }

    /// <summary>The latencies that half and 95 % do not exceed, by nearest rank; null where there is none.</summary>
    public LatencyPercentiles? Percentiles() => _values is not null ? OfValues(_values) : OfCounts(_counts!);

    private static LatencyPercentiles? OfValues(List<int> all)
    {
        var values = all.Where(value => value >= 0).Order().ToList();
        foreach (var takenBack in all.Where(value => value < 0))
        {
            values.Remove(~takenBack);
        }

        return values.Count == 0 ? null : new LatencyPercentiles(values[RankOf(50, values.Count)], values[RankOf(95, values.Count)]);
    }

    private static LatencyPercentiles? OfCounts(long[] counts)
    {
        var total = counts.Sum();
        return total <= 0 ? null : new LatencyPercentiles(At(50), At(95));

        int At(int percent)
        {
            var left = RankOf(percent, total);
            for (var bucket = 0; bucket < counts.Length; bucket++)
            {
                left -= (int)Math.Min(int.MaxValue, counts[bucket]);
                if (left < 0)
                {
                    return MiddleOf(bucket);
                }
            }

            return Longest;
        }
    }

    private static int RankOf(int percent, long count) => (int)Math.Ceiling(percent / 100m * count) - 1;

    private static int BucketOf(int milliseconds) => milliseconds < Near.Length ? Near[milliseconds] : Compute(milliseconds);

    // Below 50 ms a bucket is a millisecond.
    private static int Compute(int milliseconds) =>
        milliseconds < 50 ? milliseconds : 50 + (int)(Math.Log(milliseconds / 50.0) / LogGrowth);

    private static int MiddleOf(int bucket) =>
        bucket < 50 ? bucket : (int)Math.Round(50 * Math.Exp((bucket - 50 + 0.5) * LogGrowth));

    private void Spill()
    {
        _counts = new long[Compute(Longest) + 1];
        foreach (var value in _values!)
        {
            _counts[BucketOf(value < 0 ? ~value : value)] += value < 0 ? -1 : 1;
        }

        _values = null;
    }
}
