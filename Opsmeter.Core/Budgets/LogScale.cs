namespace Opsmeter.Core.Budgets;

/// <summary>Counts values by their size and tells quantiles within 5 %, in the same memory however many there are.</summary>
internal sealed class LogScale
{
    private const double StepsPerDoubling = 16;
    private readonly long[] _counts = new long[64 * (int)StepsPerDoubling];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>Adds one; below 1 counts as 0.</summary>
    public void Add(long value)
    {
        Count++;
        _counts[value < 1 ? 0 : 1 + (int)(Math.Log2(value) * StepsPerDoubling)]++;
    }

    /// <summary>The value that a share of all are at or below; 0 where there are none.</summary>
    public double Quantile(double share)
    {
        var left = share * Count;
        for (var i = 0; i < _counts.Length; i++)
        {
            left -= _counts[i];
            if (left <= 0 && Count > 0)
            {
                return i == 0 ? 0 : Math.Pow(2, (i - 0.5) / StepsPerDoubling);
            }
        }

        return 0;
    }
}
