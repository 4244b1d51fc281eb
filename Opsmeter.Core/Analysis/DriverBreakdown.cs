namespace Opsmeter.Core.Analysis;

/// <summary>Finds which values of a dimension made spend rise, or move at all.</summary>
public static class DriverBreakdown
{
    /// <summary>The values that rose, the greatest rise first, then by name.</summary>
    /// <param name="now">Each value's spend in the period.</param>
    /// <param name="usual">Each value's usual spend in as long a time; a value that is missing spends nothing usually.</param>
    /// <param name="most">How many are given, at most.</param>
    /// <returns>Empty where spend did not rise.</returns>
    public static IReadOnlyList<Driver> Of(
        IEnumerable<(string? Value, Usd Cost)> now, IEnumerable<(string? Value, Usd Cost)> usual, int most)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(usual);
        var before = usual.ToDictionary(entry => KeyOf(entry.Value), entry => entry.Cost, StringComparer.Ordinal);
        var after = now.ToArray();
        var total = after.Aggregate(Usd.Zero, (sum, entry) => sum + entry.Cost) - before.Values.Aggregate(Usd.Zero, (sum, cost) => sum + cost);
        if (total <= Usd.Zero)
        {
            return [];
        }

        return
        [
            .. after.Select(entry => (entry.Value, entry.Cost, Change: entry.Cost - before.GetValueOrDefault(KeyOf(entry.Value))))
                .Where(entry => entry.Change > Usd.Zero)
                .OrderByDescending(entry => entry.Change)
                .ThenBy(entry => entry.Value, StringComparer.Ordinal)
                .Take(most)
                .Select(entry => new Driver(entry.Value, entry.Cost, entry.Change, (double)entry.Change.Nano / total.Nano)),
        ];
    }

    /// <summary>Every value of either period with its change, the greatest first whichever its sign, then by name.</summary>
    /// <param name="now">Each value's spend in the later period.</param>
    /// <param name="before">Each value's spend in the earlier period.</param>
    /// <returns>Their changes add up to the whole change.</returns>
    public static IReadOnlyList<Mover> Movers(IEnumerable<(string? Value, Usd Cost)> now, IEnumerable<(string? Value, Usd Cost)> before)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(before);
        var old = before.ToDictionary(entry => KeyOf(entry.Value), StringComparer.Ordinal);
        var later = now.ToDictionary(entry => KeyOf(entry.Value), StringComparer.Ordinal);
        var total = later.Values.Sum(entry => (decimal)entry.Cost.Nano) - old.Values.Sum(entry => (decimal)entry.Cost.Nano);
        return
        [
            .. later.Keys.Union(old.Keys, StringComparer.Ordinal)
                .Select(key =>
                {
                    var (from, to) = (old.GetValueOrDefault(key), later.GetValueOrDefault(key));
                    var change = to.Cost - from.Cost;
                    return new Mover(
                        from.Value ?? to.Value, from.Cost, to.Cost, total == 0 ? null : (double)(change.Nano / total), !old.ContainsKey(key));
                })
                .OrderByDescending(mover => Math.Abs((decimal)mover.Change.Nano))
                .ThenBy(mover => mover.Value, StringComparer.Ordinal),
        ];
    }

    // Values hold no control characters, so none is this one.
    private static string KeyOf(string? value) => value ?? "\0";
}
