using Opsmeter.Core;
using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Hosting;

/// <summary>Looks once a minute whether a window is heading past the ratio of its limit that its budget asks to be told of.</summary>
internal sealed partial class ForecastWatch(
    BudgetPolicies budgets, BudgetStates states, BudgetForecasts forecasts, Boards boards, LedgerWriter writer, TimeProvider time, ILogger<ForecastWatch> logger)
    : BackgroundService
{
    private const int MostKept = 50_000;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(int Workspace, string Budget, string? Key, DateTimeOffset Window), (decimal Limit, bool IsPast)> _stood = [];

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                // Ticks that come while this one is looked at are one: a clock that leaps is looked at once.
                await Task.Yield();
                foreach (var workspaceId in boards.All.Select(pair => pair.Key).ToArray())
                {
                    await LookAsync(workspaceId, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The product stops.
        }
    }

    private async Task LookAsync(int workspaceId, CancellationToken stopping)
    {
        try
        {
            var asked = (await budgets.ListAsync(workspaceId)).Select(item => item.Document)
                .Where(budget => budget is { Enabled: true, ForecastWarnAt: not null, LimitUsd: not null })
                .ToDictionary(budget => budget.Id, budget => budget.ForecastWarnAt!.Value, StringComparer.Ordinal);
            if (asked.Count == 0)
            {
                return;
            }

            foreach (var item in await forecasts.AddAsync(workspaceId, [.. states.Read(workspaceId).Where(item => asked.ContainsKey(item.BudgetId))], stopping))
            {
                if (item.ForecastUsd is not { } forecast || item.LimitUsd is not { } limit)
                {
                    continue;
                }

                // The writer is asked where something may have changed alone, not for each key each minute.
                var place = (workspaceId, item.BudgetId, item.Key, item.WindowStart);
                var stands = (limit, forecast >= asked[item.BudgetId] * limit);
                if (!_stood.TryGetValue(place, out var stood) || stood != stands)
                {
                    if (_stood.Count >= MostKept)
                    {
                        _stood.Clear();
                    }

                    await writer.TellForecastAsync(workspaceId, item.BudgetId, item.Key, Usd.FromDollars(Math.Round(forecast, 9)), asked[item.BudgetId]);
                    _stood[place] = stands;
                }
            }
        }
        catch (Exception error) when (error is LedgerUnavailableException or System.Data.Common.DbException)
        {
            LogNotTold(logger, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Forecasts could not be looked at; they are in a minute")]
    private static partial void LogNotTold(ILogger logger, Exception error);
}
