namespace Opsmeter.Web.Reports;

/// <summary>Spend by column: the dearest values, and the rest together.</summary>
/// <param name="Range">The columns.</param>
/// <param name="Series">The dearest values first, the rest last.</param>
/// <param name="Previous">Dollars of the time it is compared with, one for each column; null for nothing.</param>
public sealed record SpendStack(SpendRange Range, IReadOnlyList<StackSeries> Series, IReadOnlyList<decimal>? Previous)
{
    private const int Named = 5;

    /// <summary>Stacks rows of values and columns.</summary>
    /// <param name="range">The columns.</param>
    /// <param name="rows">A row for each value and column.</param>
    /// <param name="totals">Dollars of all values by column, where <paramref name="rows"/> has only some of them.</param>
    /// <param name="previous">Dollars of the time it is compared with, or null.</param>
    public static SpendStack Of(
        SpendRange range, IEnumerable<SpendRow> rows, IReadOnlyList<decimal>? totals, IReadOnlyList<decimal>? previous)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var values = rows.GroupBy(row => row.Value)
            .OrderByDescending(group => group.Key != ValueLine.Folded)
            .ThenByDescending(group => group.Sum(row => row.Sums.Priced.Nano))
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => new StackSeries(group.Key, IsRest: false, DollarsOf(range, group)))
            .ToArray();
        var named = values.Where(one => one.Value != ValueLine.Folded).Take(Named).ToArray();
        var rest = new decimal[range.Starts.Count];
        for (var i = 0; i < rest.Length; i++)
        {
            rest[i] = totals is null ? values.Skip(named.Length).Sum(one => one.Dollars[i]) : totals[i] - named.Sum(one => one.Dollars[i]);
        }

        var hasRest = values.Length > named.Length || Array.Exists(rest, dollars => dollars > 0);
        return new SpendStack(range, hasRest ? [.. named, new StackSeries(null, IsRest: true, rest)] : named, previous);
    }

    /// <summary>Dollars by column of rows that have one.</summary>
    public static decimal[] DollarsOf(SpendRange range, IEnumerable<SpendRow> rows)
    {
        ArgumentNullException.ThrowIfNull(range);
        ArgumentNullException.ThrowIfNull(rows);
        var dollars = new decimal[range.Starts.Count];
        foreach (var row in rows)
        {
            if (row.Bucket is { } bucket && range.ColumnAt(bucket) is >= 0 and var column)
            {
                dollars[column] += row.Sums.Priced.Dollars;
            }
        }

        return dollars;
    }

    /// <summary>True where both have the same columns.</summary>
    public bool IsSamePlace(SpendStack other) =>
        other is not null && Range.Window.Start == other.Range.Window.Start && Range.Size == other.Range.Size
        && Range.Starts.Count == other.Range.Starts.Count;

    /// <summary>
    /// The same with its series in the places, and so the colours, that they had before. A newcomer takes the place of one
    /// that is gone; the rest stays last.
    /// </summary>
    public SpendStack PlacedLike(SpendStack before)
    {
        ArgumentNullException.ThrowIfNull(before);
        var named = Series.Where(one => !one.IsRest).ToList();
        var newcomers = new Queue<StackSeries>(named.Where(one => !before.Series.Any(old => IsSame(old, one))));
        var placed = new List<StackSeries>(Series.Count);
        foreach (var old in before.Series.Where(one => !one.IsRest))
        {
            if (named.Find(one => IsSame(one, old)) is { } same)
            {
                placed.Add(same);
            }
            else if (newcomers.TryDequeue(out var newcomer))
            {
                placed.Add(newcomer);
            }
        }

        return this with { Series = [.. placed, .. newcomers, .. Series.Where(one => one.IsRest)] };
    }

    private static bool IsSame(StackSeries a, StackSeries b) => a.IsRest == b.IsRest && a.Value == b.Value;
}
