using System.Data;
using Microsoft.Data.Sqlite;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Budgets;

namespace Opsmeter.Web.Storage;

/// <summary>Writes alerts in the transaction of the changes of state that they tell of.</summary>
internal static class AlertLedger
{
    /// <summary>Writes what a change of state is news of.</summary>
    /// <returns>The kinds that are told now; none where it is no news.</returns>
    public static AlertKinds Write(
        SqliteConnection connection, SqliteTransaction transaction, int workspaceId, Budget budget, Transition change, DateTimeOffset recorded)
    {
        var place = new Place(workspaceId, budget.Id, LedgerStatements.KeyText(change.Key), change.Window.Start.UtcTicks);
        var sent = Sent(connection, transaction, place);
        var raised = AlertRules.Raised(budget, change, sent);
        if (!sent.IsEmpty && change.Cause != TransitionCause.Late)
        {
            // What is no longer reached is news again when it is reached again; the recovery too.
            Rearm(connection, transaction, place, AlertRules.Reached(budget, change.To));
        }

        if (raised.IsEmpty)
        {
            return raised;
        }

        Run(
            connection, transaction,
            """
            INSERT INTO alerts (workspace_id, budget_id, budget_name, key, window_start_ticks, window_end_ticks, kind, kinds, at_ticks, recorded_ticks,
                                measure, used, limit_value, burn_long, burn_short, rearmed)
            VALUES ($workspace, $budget, $name, $key, $start, $end, $kind, $kinds, $at, $recorded, $measure, $used, $limit, $long, $short, 0)
            """,
            place,
            ("$name", budget.Name), ("$end", change.Window.End.UtcTicks), ("$kind", (int)raised.Gravest), ("$kinds", raised.Bits), ("$at", change.At.UtcTicks),
            ("$recorded", recorded.UtcTicks), ("$measure", (int)change.Measure), ("$used", change.Sums.Used(change.Measure)),
            ("$limit", change.Limits.Of(change.Measure) ?? 0L), ("$long", (double?)change.BurnLong), ("$short", (double?)change.BurnShort));
        Run(
            connection, transaction,
            raised.Gravest == AlertKind.Recovered
                ? "UPDATE incidents SET recovered_ticks = $recorded WHERE workspace_id = $workspace AND budget_id = $budget AND window_start_ticks = $start AND $key = ''"
                : """
                  INSERT INTO incidents (workspace_id, budget_id, window_start_ticks, opened_ticks, owner)
                  SELECT $workspace, $budget, $start, $recorded, coalesce((SELECT json_extract(document, '$.owner') FROM budgets WHERE workspace_id = $workspace AND id = $budget), '')
                  WHERE $key = $key
                  ON CONFLICT (workspace_id, budget_id, window_start_ticks) DO UPDATE SET recovered_ticks = NULL
                  """,
            place, ("$recorded", recorded.UtcTicks));
        return raised;
    }

    private static AlertKinds Sent(SqliteConnection connection, SqliteTransaction transaction, Place place)
    {
        using var command = Command(
            connection, transaction, "SELECT kinds & ~rearmed FROM alerts WHERE workspace_id = $workspace AND budget_id = $budget AND window_start_ticks = $start AND key = $key", place);
        using var reader = command.ExecuteReader();
        var bits = 0;
        while (reader.Read())
        {
            bits |= reader.GetInt32(0);
        }

        return new AlertKinds(bits);
    }

    private static void Rearm(SqliteConnection connection, SqliteTransaction transaction, Place place, AlertKinds reached) => Run(
        connection, transaction,
        "UPDATE alerts SET rearmed = kinds & ~$reached WHERE workspace_id = $workspace AND budget_id = $budget AND window_start_ticks = $start AND key = $key AND kinds & ~rearmed & ~$reached <> 0",
        place, ("$reached", reached.Bits));

    private static void Run(SqliteConnection connection, SqliteTransaction transaction, string text, Place place, params (string Name, object? Value)[] values)
    {
        using var command = Command(connection, transaction, text, place);
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction transaction, string text, Place place)
    {
        var command = connection.CreateCommand();
        (command.Transaction, command.CommandText, command.CommandType) = (transaction, text, CommandType.Text);
        command.Parameters.AddWithValue("$workspace", place.WorkspaceId);
        command.Parameters.AddWithValue("$budget", place.BudgetId);
        command.Parameters.AddWithValue("$key", place.Key);
        command.Parameters.AddWithValue("$start", place.WindowStart);
        return command;
    }

    private readonly record struct Place(int WorkspaceId, string BudgetId, string Key, long WindowStart);
}
