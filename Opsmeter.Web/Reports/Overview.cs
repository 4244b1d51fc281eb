using Opsmeter.Core;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>What the first page shows of a range: sums, the same before it, and spend by column and value.</summary>
/// <param name="Range">The range.</param>
/// <param name="Totals">Its sums so far.</param>
/// <param name="Before">The sums of the time it is compared with; null where it is compared with nothing.</param>
/// <param name="Series">Dollars by column: the dearest values, and the rest together under a null name.</param>
/// <param name="Previous">Dollars of the whole columns it is compared with; null where it is compared with nothing.</param>
public sealed record Overview(
    SpendRange Range, SpendSums Totals, SpendSums? Before, IReadOnlyList<OverviewSeries> Series, IReadOnlyList<decimal>? Previous = null)
{
    /// <summary>
    /// The same with its series in the places, and so the colours, that they had before. A newcomer takes the place of one
    /// that is gone; what has no name stays last.
    /// </summary>
    public Overview PlacedLike(Overview before)
    {
        var named = Series.Where(one => one.Name is not null).ToDictionary(one => one.Name!, StringComparer.Ordinal);
        var old = before.Series.Where(one => one.Name is not null && named.ContainsKey(one.Name)).Select(one => one.Name).ToHashSet(StringComparer.Ordinal);
        var newcomers = new Queue<OverviewSeries>(Series.Where(one => one.Name is not null && !old.Contains(one.Name)));
        var placed = new List<OverviewSeries>(Series.Count);
        foreach (var name in before.Series.Select(one => one.Name).OfType<string>())
        {
            if (old.Contains(name))
            {
                placed.Add(named[name]);
            }
            else if (newcomers.TryDequeue(out var newcomer))
            {
                placed.Add(newcomer);
            }
        }

        return this with { Series = [.. placed, .. newcomers, .. Series.Where(one => one.Name is null)] };
    }
}

/// <summary>Spend of one value, column by column; the name is null for all values that have none of their own.</summary>
public sealed record OverviewSeries(string? Name, IReadOnlyList<decimal> Dollars);

/// <summary>What the first page shows of this moment.</summary>
/// <param name="States">Where the budgets stand, worst first.</param>
/// <param name="Latest">The latest requests, of every environment.</param>
/// <param name="Changes">The latest changes of state.</param>
public sealed record OverviewNow(
    IReadOnlyList<BudgetStateItem> States, IReadOnlyList<RequestItem> Latest, IReadOnlyList<StateChange> Changes);
