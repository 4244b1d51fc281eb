using Opsmeter.Core;
using Opsmeter.Core.Analysis;

namespace Opsmeter.Web.Reports;

/// <summary>Takes the difference between two periods apart.</summary>
public sealed class SpendChanges(SpendReports reports)
{
    /// <summary>The change from one range to another, with the same filters.</summary>
    /// <param name="query">Filters and the later range.</param>
    /// <param name="before">The earlier range.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<SpendChange> ReadAsync(SpendQuery query, TimeWindow before, CancellationToken cancellation = default)
    {
        var (now, old) = await reports.ReadCellsAsync(query, before, cancellation);
        return Between(now, old);
    }

    /// <summary>The same, with the endpoints and models that make the part of the newcomers.</summary>
    /// <param name="query">Filters and the later range.</param>
    /// <param name="before">The earlier range.</param>
    /// <param name="most">How many newcomers are told apart; the cheapest beyond it are one, <see cref="SpendReports.Other"/>.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<(SpendChange Change, IReadOnlyList<Newcomer> Newcomers)> ReadWithNewcomersAsync(
        SpendQuery query, TimeWindow before, int most, CancellationToken cancellation = default)
    {
        var (now, old) = await reports.ReadCellsAsync(query, before, cancellation);
        var cells = now.Where(cell => !old.ContainsKey(cell.Key)).ToArray();
        var told = Greatest.Of(Array.ConvertAll(cells, cell => cell.Value.Cost.Nano), place => ((long)cells[place].Key.Endpoint << 32) | (uint)cells[place].Key.Model, most)
            .ConvertAll(place => cells[place])
            .OrderByDescending(cell => cell.Value.Cost.Nano).ThenBy(cell => cell.Key.Endpoint).ThenBy(cell => cell.Key.Model).ToList();
        var names = reports.NamesOf([.. told.SelectMany(cell => new[] { cell.Key.Endpoint, cell.Key.Model }).Distinct()]);
        var newcomers = told.ConvertAll(cell => new Newcomer(names.GetValueOrDefault(cell.Key.Endpoint), names.GetValueOrDefault(cell.Key.Model), cell.Value.Requests, cell.Value.Cost));
        if (cells.Length > told.Count)
        {
            var kept = told.Select(cell => cell.Key).ToHashSet();
            var others = cells.Where(cell => !kept.Contains(cell.Key)).Aggregate(default(SpendCell), (sum, cell) => sum + cell.Value);
            newcomers.Add(new Newcomer(SpendReports.Other, SpendReports.Other, others.Requests, others.Cost));
        }

        return (Between(now, old), newcomers);
    }

    private static SpendChange Between(
        Dictionary<(int Endpoint, int Model), SpendCell> now, Dictionary<(int Endpoint, int Model), SpendCell> old) =>
        SpendChange.Between(now.Select(cell => (old.GetValueOrDefault(cell.Key), cell.Value))
            .Concat(old.Where(cell => !now.ContainsKey(cell.Key)).Select(cell => (cell.Value, default(SpendCell)))));
}
