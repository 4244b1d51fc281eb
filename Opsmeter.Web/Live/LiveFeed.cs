using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Live;

/// <summary>Tells pages and programs what the ledger has on disk, a few times a second at most.</summary>
public sealed partial class LiveFeed(LedgerFeed ledger, TimeProvider time, ILogger<LiveFeed> logger)
{
    /// <summary>The shortest time between two updates of one watcher.</summary>
    public static readonly TimeSpan Throttle = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Watches one workspace until the result is disposed. What happens between two updates is merged into one; an update
    /// is not given while the one before is being handled. The watcher runs in the execution context of the subscriber,
    /// so that numbers and dates are written as on the rest of its page.
    /// </summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="onUpdate">Called on a thread of the pool; a page goes on through its dispatcher.</param>
    /// <param name="throttle">The shortest time between two updates, or null for <see cref="Throttle"/>.</param>
    public IDisposable Subscribe(int workspaceId, Func<LiveUpdate, Task> onUpdate, TimeSpan? throttle = null)
    {
        var subscription = new LiveSubscription(
            onUpdate, throttle ?? Throttle, time, ExecutionContext.Capture(), error => LogWatcherFailed(logger, error));
        subscription.Start(ledger.Watch(change =>
        {
            if (change.WorkspaceId == workspaceId)
            {
                subscription.Note(UpdateOf(change));
            }
        }));
        return subscription;
    }

    private static LiveUpdate UpdateOf(LedgerChange change) => new()
    {
        At = change.At,
        Rows = change.Rows,
        Budgets = change.Budgets,
        Notices = [.. change.Transitions.Select(entry => new StateNotice(entry.Id, entry.BudgetName, entry.Transition))],
        PolicyChanged = change.PolicyChanged,
        AlertsChanged = change.AlertsChanged || change.PolicyChanged,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "A live page could not be updated")]
    private static partial void LogWatcherFailed(ILogger logger, Exception error);
}
