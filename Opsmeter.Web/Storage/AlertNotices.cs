using Microsoft.Data.Sqlite;
using Opsmeter.Core;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Budgets;

namespace Opsmeter.Web.Storage;

/// <summary>Writes, in the transaction that raises an alert, that it is to be told and when.</summary>
internal static class AlertNotices
{
    private const int News = (int)NoticeKind.News;
    private static readonly int Grave = AlertKinds.None.With(AlertKind.Exceeded).With(AlertKind.Blocked).Bits;

    /// <summary>Writes that the alert that was just stored is to be told; merges it with one of the same window that waits.</summary>
    public static void Announce(
        SqliteConnection connection, SqliteTransaction transaction, AlertLedger.Place place, Budget budget, TimeWindow window, AlertKind kind,
        bool isQuiet, DateTimeOffset now)
    {
        if (isQuiet || (budget.Per is not null && !IsNewsOfKey(connection, transaction, place, window, kind)))
        {
            AlertLedger.Run(connection, transaction, "UPDATE alerts SET is_quiet = 1 WHERE id = (SELECT max(id) FROM alerts)", place);
            return;
        }

        if (AlertPacing.NeedsAcknowledgement(kind))
        {
            // Who knew of the warning does not know of this.
            AlertLedger.Run(
                connection, transaction,
                """
                UPDATE incidents SET acknowledged_ticks = NULL, acknowledged_by = NULL, outcome = NULL, snoozed_until_ticks = NULL
                WHERE workspace_id = $workspace AND budget_id = $budget AND window_start_ticks = $start AND $key = $key
                  AND 1 = (SELECT count(*) FROM alerts
                           WHERE workspace_id = $workspace AND budget_id = $budget AND window_start_ticks = $start AND kinds & ~rearmed & $grave <> 0)
                """,
                place, ("$grave", Grave));
        }

        var due = budget.Per is null || kind == AlertKind.Recovered
            ? AlertPacing.DueTogether(now, kind, Last(connection, transaction, place, inWindow: false))
            : AlertPacing.DueOfKeys(now, Last(connection, transaction, place, inWindow: true)?.At);
        AlertLedger.Run(
            connection, transaction,
            """
            UPDATE notices SET due_ticks = min(due_ticks, $due), alert_kind = max(alert_kind, $kind)
            WHERE workspace_id = $workspace AND budget_id = $budget AND window_start_ticks = $start AND $key = $key AND kind = $news AND done_ticks IS NULL
            """,
            place, ("$due", due.UtcTicks), ("$kind", (int)kind), ("$news", News));
        AlertLedger.Run(
            connection, transaction,
            """
            INSERT INTO notices (workspace_id, budget_id, window_start_ticks, kind, alert_kind, notify, created_ticks, due_ticks, keys, excess)
            SELECT $workspace, $budget, $start, $news, $kind, '', $now, $due, 0, 0 WHERE $key = $key AND NOT EXISTS
                (SELECT 1 FROM notices WHERE workspace_id = $workspace AND budget_id = $budget AND window_start_ticks = $start AND kind = $news AND done_ticks IS NULL)
            """,
            place, ("$due", due.UtcTicks), ("$kind", (int)kind), ("$news", News), ("$now", now.UtcTicks));
    }

    /// <summary>False where the key was told as much in one of the seven windows before, or where it recovered and others have not.</summary>
    private static bool IsNewsOfKey(SqliteConnection connection, SqliteTransaction transaction, AlertLedger.Place place, TimeWindow window, AlertKind kind)
    {
        if (kind == AlertKind.Recovered)
        {
            using var recovered = AlertLedger.Command(
                connection, transaction,
                "SELECT count(*) FROM incidents WHERE workspace_id = $workspace AND budget_id = $budget AND window_start_ticks = $start AND $key = $key AND recovered_ticks IS NOT NULL",
                place);
            return Convert.ToInt64(recovered.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) > 0;
        }

        if (window.IsTotal)
        {
            return true;
        }

        using var command = AlertLedger.Command(
            connection, transaction,
            "SELECT coalesce(max(kind), -1) FROM alerts WHERE workspace_id = $workspace AND budget_id = $budget AND key = $key AND window_start_ticks >= $from AND window_start_ticks < $start",
            place);

        // Windows are of somewhat different lengths: half of one more lies between the seventh and the eighth.
        command.Parameters.AddWithValue("$from", window.Start.UtcTicks - (window.Length.Ticks * 15 / 2));
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) < (int)kind;
    }

    /// <summary>When people were told of the budget last, and of what.</summary>
    private static (DateTimeOffset At, AlertKind Kind)? Last(SqliteConnection connection, SqliteTransaction transaction, AlertLedger.Place place, bool inWindow)
    {
        using var command = AlertLedger.Command(
            connection, transaction,
            """
            SELECT done_ticks, alert_kind FROM notices
            WHERE workspace_id = $workspace AND budget_id = $budget AND (window_start_ticks = $start OR NOT $in) AND $key = $key
              AND kind = $news AND messages > 0
            ORDER BY done_ticks DESC LIMIT 1
            """,
            place);
        command.Parameters.AddWithValue("$in", inWindow);
        command.Parameters.AddWithValue("$news", News);
        using var reader = command.ExecuteReader();
        return reader.Read() ? (new DateTimeOffset(reader.GetInt64(0), TimeSpan.Zero), (AlertKind)reader.GetInt32(1)) : null;
    }
}
