using System.Data;
using Microsoft.Data.Sqlite;
using Opsmeter.Core;
using Opsmeter.Core.Alerts;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;

namespace Opsmeter.Web.Storage;

/// <summary>Writes alerts in the transaction of the changes of state that they tell of.</summary>
internal static class AlertLedger
{
    private static readonly AlertKinds Forecast = AlertKinds.None.With(AlertKind.Forecast);

    private const string Open = """
        INSERT INTO incidents (workspace_id, budget_id, window_start_ticks, opened_ticks, owner)
        SELECT $workspace, $budget, $start, $recorded, coalesce((SELECT json_extract(document, '$.owner') FROM budgets WHERE workspace_id = $workspace AND id = $budget), '')
        WHERE $key = $key
        ON CONFLICT (workspace_id, budget_id, window_start_ticks) DO UPDATE SET recovered_ticks = NULL
        """;

    // A budget that counts by a key has recovered when the last of its keys has.
    private const string Recover = """
        UPDATE incidents SET recovered_ticks = $recorded
        WHERE workspace_id = $workspace AND budget_id = $budget AND window_start_ticks = $start AND ($key = '' OR NOT EXISTS
            (SELECT 1 FROM alerts AS last
             WHERE last.workspace_id = $workspace AND last.budget_id = $budget AND last.window_start_ticks = $start AND last.kind >= $degraded
               AND last.id = (SELECT max(id) FROM alerts WHERE workspace_id = $workspace AND budget_id = $budget AND window_start_ticks = $start AND key = last.key)))
        """;

    /// <summary>Writes that a window is forecast to end past a ratio of its limit, once a window; after the limit was changed and the forecast was below it, again.</summary>
    /// <returns>True where it is told now.</returns>
    public static bool WriteForecast(
        SqliteConnection connection, SqliteTransaction transaction, int workspaceId, Budget budget, WindowReading reading, Usd forecast, decimal ratio, DateTimeOffset now)
    {
        if (reading.Limits.Usd is not { } limit)
        {
            return false;
        }

        var place = new Place(workspaceId, budget.Id, LedgerStatements.KeyText(reading.Key), reading.Window.Start.UtcTicks);
        if (forecast.Nano < ratio * limit.Nano)
        {
            Run(
                connection, transaction,
                "UPDATE alerts SET rearmed = rearmed | $bit WHERE workspace_id = $workspace AND budget_id = $budget AND window_start_ticks = $start AND key = $key AND kinds & $bit <> 0 AND limit_value <> $limit",
                place, ("$bit", Forecast.Bits), ("$limit", limit.Nano));
            return false;
        }

        if (Sent(connection, transaction, place).Contains(AlertKind.Forecast))
        {
            return false;
        }

        Insert(
            connection, transaction, place, budget.Name, reading.Window, Forecast, now, now, Measure.Usd, reading.Sums, reading.Limits, (reading.BurnLong, reading.BurnShort), forecast);
        Run(connection, transaction, Open, place, ("$recorded", now.UtcTicks));
        AlertNotices.Announce(connection, transaction, place, budget, reading.Window, AlertKind.Forecast, isQuiet: false, now);
        return true;
    }

    /// <summary>Writes that a key of a budget spends many times what is expected of it, once a window and before any threshold.</summary>
    /// <returns>True where it is told now.</returns>
    public static bool WriteSurge(
        SqliteConnection connection, SqliteTransaction transaction, int workspaceId, Budget budget, WindowReading reading, Surge surge, DateTimeOffset now)
    {
        var place = new Place(workspaceId, budget.Id, LedgerStatements.KeyText(reading.Key), reading.Window.Start.UtcTicks);
        if (Sent(connection, transaction, place).All.Any(kind => kind >= AlertKind.Surge))
        {
            return false;
        }

        Insert(
            connection, transaction, place, budget.Name, reading.Window, AlertKinds.None.With(AlertKind.Surge), now, now, Measure.Usd,
            new WindowSums(surge.Spent, Usd.Zero, Usd.Zero, 0, 0, 0), new Limits(surge.Expected, null, null), (null, null), null);
        Run(connection, transaction, Open, place, ("$recorded", now.UtcTicks));
        AlertNotices.Announce(connection, transaction, place, budget, reading.Window, AlertKind.Surge, isQuiet: false, now);
        return true;
    }

    /// <summary>Writes that a window's limit burns too fast, once a window and before any threshold.</summary>
    /// <returns>True where it is told now.</returns>
    public static bool WriteBurn(
        SqliteConnection connection, SqliteTransaction transaction, int workspaceId, Budget budget, WindowReading reading, FastBurn burn, DateTimeOffset now)
    {
        var place = new Place(workspaceId, budget.Id, LedgerStatements.KeyText(reading.Key), reading.Window.Start.UtcTicks);
        if (Sent(connection, transaction, place).All.Any(kind => kind >= AlertKind.BurnRate))
        {
            return false;
        }

        Insert(
            connection, transaction, place, budget.Name, reading.Window, AlertKinds.None.With(AlertKind.BurnRate), now, now, Measure.Usd, reading.Sums, reading.Limits,
            (burn.BurnLong, burn.BurnShort), null);
        Run(connection, transaction, Open, place, ("$recorded", now.UtcTicks));
        AlertNotices.Announce(connection, transaction, place, budget, reading.Window, AlertKind.BurnRate, isQuiet: false, now);
        return true;
    }

    /// <summary>
    /// Writes that a further threshold of a budget was passed, once a window and limit; not where as much was told by an
    /// earlier alert of a state or a higher threshold.
    /// </summary>
    /// <returns>True where it is told now.</returns>
    public static bool WriteThreshold(
        SqliteConnection connection, SqliteTransaction transaction, int workspaceId, Budget budget, WindowReading reading, decimal ratio, DateTimeOffset now)
    {
        if (reading.Use < ratio || reading.Limits.Of(reading.Measure) is not { } limit)
        {
            return false;
        }

        var place = new Place(workspaceId, budget.Id, LedgerStatements.KeyText(reading.Key), reading.Window.Start.UtcTicks);
        using (var told = Command(
            connection, transaction,
            """
            SELECT count(*) FROM alerts WHERE workspace_id = $workspace AND budget_id = $budget AND window_start_ticks = $start AND key = $key
              AND (kind = $threshold OR kind >= $warning) AND measure = $measure AND used >= $floor
            """,
            place))
        {
            told.Parameters.AddWithValue("$threshold", (int)AlertKind.Threshold);
            told.Parameters.AddWithValue("$warning", (int)AlertKind.Warning);
            told.Parameters.AddWithValue("$measure", (int)reading.Measure);
            told.Parameters.AddWithValue("$floor", (long)Math.Min(long.MaxValue, Math.Ceiling(ratio * limit)));
            if (Convert.ToInt64(told.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) > 0)
            {
                return false;
            }
        }

        Insert(
            connection, transaction, place, budget.Name, reading.Window, AlertKinds.None.With(AlertKind.Threshold), now, now, reading.Measure, reading.Sums,
            reading.Limits, (reading.BurnLong, reading.BurnShort), null);
        Run(connection, transaction, Open, place, ("$recorded", now.UtcTicks));
        AlertNotices.Announce(connection, transaction, place, budget, reading.Window, AlertKind.Threshold, isQuiet: false, now);
        return true;
    }

    /// <summary>Writes what was noticed of an endpoint or of all traffic, once a day.</summary>
    /// <returns>True where it is told now.</returns>
    public static bool WriteSignal(SqliteConnection connection, SqliteTransaction transaction, int workspaceId, Signal signal, DateTimeOffset now)
    {
        var window = new TimeWindow(now, now + Signal.Quiet);
        var place = new Place(workspaceId, signal.Id, "", window.Start.UtcTicks);
        using (var running = Command(
            connection, transaction, "SELECT count(*) FROM alerts WHERE workspace_id = $workspace AND budget_id = $budget AND window_end_ticks > $start AND $key = $key", place))
        {
            if (Convert.ToInt64(running.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) > 0)
            {
                return false;
            }
        }

        Run(
            connection, transaction,
            """
            INSERT INTO alerts (workspace_id, budget_id, budget_name, subject, key, window_start_ticks, window_end_ticks, kind, kinds, at_ticks, recorded_ticks,
                                measure, used, limit_value, rearmed, is_quiet)
            VALUES ($workspace, $budget, $name, $subject, $key, $start, $end, $kind, $kinds, $start, $start, 0, $used, $usual, 0, 0)
            """,
            place, ("$name", signal.Name), ("$subject", signal.Endpoint), ("$end", window.End.UtcTicks), ("$kind", (int)signal.Kind),
            ("$kinds", AlertKinds.None.With(signal.Kind).Bits), ("$used", signal.Now), ("$usual", signal.Usual));
        Run(
            connection, transaction,
            "INSERT INTO incidents (workspace_id, budget_id, window_start_ticks, opened_ticks, owner) SELECT $workspace, $budget, $start, $start, $owner WHERE $key = $key",
            place, ("$owner", signal.Owner));
        Run(
            connection, transaction,
            """
            INSERT INTO notices (workspace_id, budget_id, window_start_ticks, kind, alert_kind, notify, created_ticks, due_ticks, keys, excess)
            SELECT $workspace, $budget, $start, 0, $kind, '', $start, $start, 0, 0 WHERE $key = $key
            """,
            place, ("$kind", (int)signal.Kind));
        return true;
    }

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

        Insert(connection, transaction, place, budget.Name, change.Window, raised, change.At, recorded, change.Measure, change.Sums, change.Limits, (change.BurnLong, change.BurnShort), null);
        Run(
            connection, transaction,
            raised.Gravest == AlertKind.Recovered
                ? Recover
                : Open,
            place, ("$recorded", recorded.UtcTicks), ("$degraded", (int)AlertKind.Degraded));
        AlertNotices.Announce(connection, transaction, place, budget, change.Window, raised.Gravest, AlertRules.IsOnPlan(change, raised), recorded);
        return raised;
    }

    private static void Insert(
        SqliteConnection connection, SqliteTransaction transaction, Place place, string name, TimeWindow window, AlertKinds kinds, DateTimeOffset at,
        DateTimeOffset recorded, Measure measure, WindowSums sums, Limits limits, (decimal? Long, decimal? Short) burn, Usd? forecast) => Run(
        connection, transaction,
        """
        INSERT INTO alerts (workspace_id, budget_id, budget_name, key, window_start_ticks, window_end_ticks, kind, kinds, at_ticks, recorded_ticks,
                            measure, used, limit_value, burn_long, burn_short, forecast_nano, rearmed, is_quiet)
        VALUES ($workspace, $budget, $name, $key, $start, $end, $kind, $kinds, $at, $recorded, $measure, $used, $limit, $long, $short, $forecast, 0, 0)
        """,
        place,
        ("$name", name), ("$end", window.End.UtcTicks), ("$kind", (int)kinds.Gravest), ("$kinds", kinds.Bits), ("$at", at.UtcTicks),
        ("$recorded", recorded.UtcTicks), ("$measure", (int)measure), ("$used", sums.Used(measure)), ("$limit", limits.Of(measure) ?? 0L),
        ("$long", (double?)burn.Long), ("$short", (double?)burn.Short), ("$forecast", forecast?.Nano));

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
        """
        UPDATE alerts SET rearmed = rearmed | (kinds & $gone)
        WHERE workspace_id = $workspace AND budget_id = $budget AND window_start_ticks = $start AND key = $key AND kinds & ~rearmed & $gone <> 0
        """,
        place, ("$gone", AlertRules.OfState.Except(reached).Bits));

    internal static void Run(SqliteConnection connection, SqliteTransaction transaction, string text, Place place, params (string Name, object? Value)[] values)
    {
        using var command = Command(connection, transaction, text, place);
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        command.ExecuteNonQuery();
    }

    internal static SqliteCommand Command(SqliteConnection connection, SqliteTransaction transaction, string text, Place place)
    {
        var command = connection.CreateCommand();
        (command.Transaction, command.CommandText, command.CommandType) = (transaction, text, CommandType.Text);
        command.Parameters.AddWithValue("$workspace", place.WorkspaceId);
        command.Parameters.AddWithValue("$budget", place.BudgetId);
        command.Parameters.AddWithValue("$key", place.Key);
        command.Parameters.AddWithValue("$start", place.WindowStart);
        return command;
    }

    internal readonly record struct Place(int WorkspaceId, string BudgetId, string Key, long WindowStart);
}
