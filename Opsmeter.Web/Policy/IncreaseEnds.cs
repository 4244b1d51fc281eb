using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>Takes increases back at their end where that was chosen, within a second, or at the next start.</summary>
internal sealed partial class IncreaseEnds(BudgetPolicies budgets, Boards boards, TimeProvider time, ILogger<IncreaseEnds> logger) : BackgroundService
{
    /// <summary>Who takes it back, in the audit log.</summary>
    public const string Actor = "opsmeter";

    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        try
        {
            do
            {
                // Ticks that come meanwhile are one: a clock that leaps is looked at once.
                await Task.Yield();
                await TakeBackAsync();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The product stops.
        }
    }

    private async Task TakeBackAsync()
    {
        var now = time.GetUtcNow();
        var over = boards.All.SelectMany(pair => pair.Value.Policy.Budgets, (pair, budget) => (WorkspaceId: pair.Key, Budget: budget))
            .Where(each => each.Budget.Increase is { TakenBack: true } increase && increase.Until <= now).ToArray();
        foreach (var (workspaceId, budget) in over)
        {
            try
            {
                // Only this increase: one that was given in between has its own end.
                if (await budgets.FindAsync(workspaceId, budget.Id) is { } current && current.Document.TemporaryIncrease is { TakeBack: true } increase && increase.Until <= now)
                {
                    await budgets.IncreaseAsync(workspaceId, budget.Id, null, current.Version, Actor);
                }
            }
            catch (Exception error) when (error is LedgerUnavailableException or System.Data.Common.DbException)
            {
                LogNotTakenBack(logger, budget.Id, error);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The temporary increase of budget {BudgetId} could not be taken back; it is tried again in a second")]
    private static partial void LogNotTakenBack(ILogger logger, string budgetId, Exception error);
}
