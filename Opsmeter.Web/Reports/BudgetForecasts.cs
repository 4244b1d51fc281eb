using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Reports;

/// <summary>Adds to budget states where their windows are heading. What is learned from is read at most once a minute.</summary>
public sealed class BudgetForecasts(Boards boards, LedgerHistory history, SlowReads slow, TimeProvider time)
{
    /// <summary>The most keys of one budget that get a forecast: those with the highest use.</summary>
    public const int MostKeys = 500;

    private static readonly TimeSpan Keep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // Four weeks are learned from, and the first of them needs one before it to tell a spike by.
    private static readonly TimeSpan Learned = TimeSpan.FromDays(35);

    /// <summary>The same states with forecasts, where there is a USD limit and something to learn from.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="items">The states.</param>
    /// <param name="cancellation">Stops waiting.</param>
    public async Task<IReadOnlyList<BudgetStateItem>> AddAsync(
        int workspaceId, IReadOnlyList<BudgetStateItem> items, CancellationToken cancellation = default)
    {
        await Task.WhenAll(ReadingsOf(workspaceId, items).Select(reading => reading.Reading)).WaitAsync(cancellation);
        return AddKnown(workspaceId, items);
    }

    /// <summary>The same without waiting: forecasts that are still being made are missing.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="items">The states.</param>
    public IReadOnlyList<BudgetStateItem> AddKnown(int workspaceId, IReadOnlyList<BudgetStateItem> items)
    {
        var made = ReadingsOf(workspaceId, items).Where(reading => reading.Reading.IsCompletedSuccessfully)
            .ToDictionary(reading => reading.BudgetId, reading => reading.Reading.Result, StringComparer.Ordinal);
        return [.. items.Select(item => made.GetValueOrDefault(item.BudgetId)?.GetValueOrDefault(item.Key ?? "") is { } forecast ? With(item, forecast) : item)];
    }

    private List<(string BudgetId, Task<Dictionary<string, Forecast>> Reading)> ReadingsOf(int workspaceId, IReadOnlyList<BudgetStateItem> items)
    {
        var readings = new List<(string BudgetId, Task<Dictionary<string, Forecast>> Reading)>();
        foreach (var budget in items.Where(item => item is { LimitUsd: not null, WindowEnd: not null }).GroupBy(item => item.BudgetId))
        {
            if (boards[workspaceId].Find(budget.Key)?.Budget is { } known)
            {
                var window = new TimeWindow(budget.First().WindowStart, budget.First().WindowEnd!.Value);
                readings.Add((budget.Key, slow.ReadAsync(
                    workspaceId, $"{nameof(BudgetForecasts)} {known.Id} {ShapeOf(known)} {window.Start.UtcTicks}", Keep,
                    () => Task.FromResult(Make(workspaceId, known, window, [.. budget])), CancellationToken.None)));
            }
        }

        return readings;
    }

    private Dictionary<string, Forecast> Make(int workspaceId, Budget budget, TimeWindow window, IReadOnlyList<BudgetStateItem> items)
    {
        var now = time.GetUtcNow();
        var first = ExpectedProfile.FloorOf(now) - Learned;
        var hours = new TimeWindow(first, ExpectedProfile.FloorOf(now) + Hour);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(budget.Window.TimeZone);
        var tenants = boards[workspaceId].Policy.Settings.TenantFrom;
        var asked = items.OrderByDescending(item => item.Use).Take(MostKeys).ToDictionary(item => item.Key ?? "", StringComparer.Ordinal);
        var known = budget.Per is null
            ? new Dictionary<string, long[]> { [""] = [.. history.HoursOf(workspaceId, tenants)(budget, Measure.Usd, hours)] }
            : history.KeyHours(workspaceId, tenants, budget, asked.Keys, hours);
        var made = new Dictionary<string, Forecast>(StringComparer.Ordinal);
        foreach (var (key, nanos) in known)
        {
            Usd[] spent = [.. nanos.Select(nano => new Usd(nano))];
            var flagged = SpikeDetector.Find(first, spent).Select(spike => spike.Window);
            if (Forecast.Of(Usd.FromDollars(asked[key].SpentUsd), new SpendHistory(first, spent, [.. flagged]), window, now, zone) is { } forecast)
            {
                made[key] = forecast;
            }
        }

        return made;
    }

    /// <summary>Moves a forecast of a moment ago by what was spent since.</summary>
    private static BudgetStateItem With(BudgetStateItem item, Forecast forecast)
    {
        var since = Usd.FromDollars(item.SpentUsd) - forecast.Spent;
        var limit = Usd.FromDollars(item.LimitUsd!.Value);
        var zone = item.WindowEnd!.Value.Offset;
        return item with
        {
            ForecastUsd = (forecast.End + since).Dollars,
            ForecastLowUsd = (forecast.Low + since).Dollars,
            ForecastHighUsd = (forecast.High + since).Dollars,
            RunsOutAt = Usd.FromDollars(item.SpentUsd) >= limit || forecast.End + since <= limit ? null : forecast.RunsOutAt(limit - since)?.ToOffset(zone),
        };
    }

    // What a budget counts, not what it says of it: another limit needs no new reading.
    private static string ShapeOf(Budget budget) => string.Join('|', [
        budget.Per?.ToString() ?? "", budget.Window.Kind.ToString(), budget.Window.TimeZone,
        string.Join(',', budget.Environments.Order()), string.Join(',', budget.DataModes.Order()),
        .. budget.Conditions.Select(condition => $"{condition.Dimension}={string.Join('\n', condition.Values)}"),
    ]);
}
