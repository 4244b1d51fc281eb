using Opsmeter.Web.Policy;
using Opsmeter.Web.Reports;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Hosting;

/// <summary>Looks once a minute which windows have passed a further threshold that their budget asks to be told of (`notifyAt`).</summary>
internal sealed partial class ThresholdWatch(
    BudgetPolicies budgets, BudgetStates states, Boards boards, LedgerWriter writer, TimeProvider time, ILogger<ThresholdWatch> logger) : BackgroundService
{
    private const int MostKept = 50_000;
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(int Workspace, string Budget, string? Key, DateTimeOffset Window), (decimal? LimitUsd, long? LimitRequests, long? LimitTokens, decimal Ratio)> _stood = [];

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
                    await LookAsync(workspaceId);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The product stops.
        }
    }

    private async Task LookAsync(int workspaceId)
    {
        try
        {
            var asked = (await budgets.ListAsync(workspaceId)).Select(item => item.Document)
                .Where(budget => budget is { Enabled: true, NotifyAt.Count: > 0 })
                .ToDictionary(budget => budget.Id, budget => budget.NotifyAt, StringComparer.Ordinal);
            if (asked.Count == 0)
            {
                return;
            }

            foreach (var item in states.Read(workspaceId))
            {
                // The highest that was passed stands for those below it.
                if (!asked.TryGetValue(item.BudgetId, out var ratios) || ratios.Where(ratio => ratio <= item.Use).DefaultIfEmpty().Max() is not (> 0 and var passed))
                {
                    continue;
                }

                // The writer is asked where something may have changed alone, not for each key each minute.
                var place = (workspaceId, item.BudgetId, item.Key, item.WindowStart);
                var stands = (item.LimitUsd, item.LimitRequests, item.LimitTokens, passed);
                if (_stood.TryGetValue(place, out var stood) && stood == stands)
                {
                    continue;
                }

                if (_stood.Count >= MostKept)
                {
                    _stood.Clear();
                }

                await writer.TellThresholdAsync(workspaceId, item.BudgetId, item.Key, passed);
                _stood[place] = stands;
            }
        }
        catch (Exception error) when (error is LedgerUnavailableException or System.Data.Common.DbException)
        {
            LogNotTold(logger, error);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Thresholds could not be looked at; they are in a minute")]
    private static partial void LogNotTold(ILogger logger, Exception error);
}
