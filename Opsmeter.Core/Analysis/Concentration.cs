namespace Opsmeter.Core.Analysis;

/// <summary>How far spend is in the hands of few: of endpoints, users or tenants.</summary>
public sealed class Concentration
{
    private readonly decimal[] _cumulative;

    private Concentration(decimal[] cumulative, Usd total) => (_cumulative, Total) = (cumulative, total);

    /// <summary>How many values spent anything.</summary>
    public int Count => _cumulative.Length;

    /// <summary>What they spent together.</summary>
    public Usd Total { get; }

    /// <summary>The share of the total, 0 to 1, that the dearest one, two, three and so on hold together; rises to 1.</summary>
    public IReadOnlyList<decimal> Curve => _cumulative;

    /// <summary>Measures it; values that spent nothing do not count.</summary>
    /// <param name="costs">What each value spent.</param>
    public static Concentration Of(IEnumerable<Usd> costs)
    {
        ArgumentNullException.ThrowIfNull(costs);
        var sorted = costs.Where(cost => cost > Usd.Zero).OrderDescending().ToArray();
        var total = sorted.Aggregate(Usd.Zero, (sum, cost) => sum + cost);
        var cumulative = new decimal[sorted.Length];
        var sum = 0L;
        for (var i = 0; i < sorted.Length; i++)
        {
            sum += sorted[i].Nano;
            cumulative[i] = (decimal)sum / total.Nano;
        }

        return new Concentration(cumulative, total);
    }

    /// <summary>The share of the total that the dearest <paramref name="values"/> hold together; 0 where there is no spend.</summary>
    /// <param name="values">How many; 1 or more, beyond the last means all.</param>
    public decimal TopShare(int values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values, 1);
        return Count == 0 ? 0 : _cumulative[Math.Min(values, Count) - 1];
    }

    /// <summary>The fewest values that hold a share of the total together; 0 where there is no spend.</summary>
    /// <param name="share">Above 0, at most 1.</param>
    public int FewestFor(decimal share)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        return Count == 0 ? 0 : Array.FindIndex(_cumulative, reached => reached >= share) + 1;
    }
}
