using System.Globalization;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>Says that someone knows of an alert, or puts it off. Each is in the audit log.</summary>
public sealed class AlertPolicies(LedgerWriter writer, TimeProvider time)
{
    /// <summary>The longest that an alert is put off.</summary>
    public static readonly TimeSpan LongestSnooze = TimeSpan.FromDays(7);

    /// <summary>The server's clock.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Acknowledges all alerts of a budget's window; again, it changes the outcome.</summary>
    /// <param name="workspaceId">The workspace.</param>
    /// <param name="id">The incident.</param>
    /// <param name="outcome">What it led to; null while that is not known.</param>
    /// <param name="actor">Who knows.</param>
    /// <returns>False where there is no such incident.</returns>
    public Task<bool> AcknowledgeAsync(int workspaceId, string id, AlertOutcome? outcome, string actor) => EditAsync(
        workspaceId, id, "alert.acknowledge", actor, new { outcome },
        (row, now) =>
        {
            row.AcknowledgedTicks ??= now.UtcTicks;
            row.AcknowledgedBy ??= actor;
            row.Outcome = outcome is { } known ? Name(known) : row.Outcome;
            row.SnoozedUntilTicks = null;
        });

    /// <summary>Puts the alerts of a budget's window off.</summary>
    /// <returns>False where there is no such incident.</returns>
    public Task<bool> SnoozeAsync(int workspaceId, string id, DateTimeOffset until, string actor) => EditAsync(
        workspaceId, id, "alert.snooze", actor, new { until }, (row, _) => row.SnoozedUntilTicks = until.UtcTicks);

    private Task<bool> EditAsync(int workspaceId, string id, string action, string actor, object after, Action<IncidentRow, DateTimeOffset> edit) =>
        writer.EditAsync(workspaceId, (db, now) =>
        {
            var parts = id.Split('~');
            if (parts.Length != 2 || !long.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
                || seconds < 0 || seconds > DateTimeOffset.MaxValue.UtcTicks / TimeSpan.TicksPerSecond)
            {
                return new PolicyEdit<bool>(false, IsChanged: false, []);
            }

            var (budgetId, from) = (parts[0], seconds * TimeSpan.TicksPerSecond);
            var row = db.Incidents.SingleOrDefault(row => row.WorkspaceId == workspaceId && row.BudgetId == budgetId
                && row.WindowStartTicks >= from && row.WindowStartTicks < from + TimeSpan.TicksPerSecond);
            if (row is null)
            {
                return new PolicyEdit<bool>(false, IsChanged: false, []);
            }

            edit(row, now);
            db.Audit(workspaceId, now, actor, action, id, null, PolicyStore.Write(after));
            return new PolicyEdit<bool>(true, IsChanged: true, []);
        });

    private static string Name(AlertOutcome outcome) => outcome switch
    {
        AlertOutcome.Nothing => "nothing",
        AlertOutcome.Contained => "contained",
        AlertOutcome.PolicyChanged => "policyChanged",
        AlertOutcome.Expected => "expected",
        AlertOutcome.FalseAlarm => "falseAlarm",
    };
}
