using Opsmeter.Core;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Budgets;

namespace Opsmeter.Web.Storage;

// What is told of a budget, or without one.
internal sealed partial class LedgerSession
{
    /// <summary>Tells that a key's running window is forecast to end past a ratio of its limit.</summary>
    /// <returns>True where it is told now; false where it was told, or is no longer so.</returns>
    public bool TellForecast(int workspaceId, string budgetId, string? key, Usd forecast, decimal ratio) =>
        TellOf(workspaceId, budgetId, key, (budget, reading) => Ledger.AlertForecast(workspaceId, budget, reading, forecast, ratio, Now));

    /// <summary>Tells that a running window's limit burns too fast, before any threshold.</summary>
    /// <returns>True where it is told now.</returns>
    public bool TellBurn(int workspaceId, string budgetId, string? key, FastBurn burn) =>
        TellOf(workspaceId, budgetId, key, (budget, reading) => Ledger.AlertBurn(workspaceId, budget, reading, burn, Now));

    /// <summary>Tells that a key's running window has used a ratio of its limit that its budget asks to be told of.</summary>
    /// <returns>True where it is told now.</returns>
    public bool TellThreshold(int workspaceId, string budgetId, string? key, decimal ratio) =>
        TellOf(workspaceId, budgetId, key, (budget, reading) => Ledger.AlertThreshold(workspaceId, budget, reading, ratio, Now));

    /// <summary>Tells that a key of a budget spends many times what is expected of it.</summary>
    /// <returns>True where it is told now.</returns>
    public bool TellSurge(int workspaceId, string budgetId, string key, Surge surge) =>
        TellOf(workspaceId, budgetId, key, (budget, reading) => Ledger.AlertSurge(workspaceId, budget, reading, surge, Now));

    /// <summary>Tells what was noticed without a budget.</summary>
    /// <returns>True where it is told now.</returns>
    public bool TellSignal(int workspaceId, Signal signal) => Told(workspaceId, Ledger.AlertSignal(workspaceId, signal, Now));

    private bool TellOf(int workspaceId, string budgetId, string? key, Func<Budget, WindowReading, bool> tell) =>
        MetersOf(workspaceId, budgetId) is { } meters && Told(workspaceId, tell(meters.Budget, meters.ReadAt(key, Now)));

    private bool Told(int workspaceId, bool isTold)
    {
        if (isTold)
        {
            Changes(workspaceId).Alerts = true;
        }

        return isTold;
    }
}
