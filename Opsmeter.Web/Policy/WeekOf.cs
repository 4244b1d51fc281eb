using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Web.Storage;

namespace Opsmeter.Web.Policy;

/// <summary>Reads a week out of changes of state and alerts. Pure.</summary>
internal static class WeekOf
{
    /// <summary>How long a budget told some caller to degrade or to stop, in minutes, of any key.</summary>
    /// <param name="budget">The budget as it is now.</param>
    /// <param name="changes">Its changes of state, in order of time, from before the week where its window began before.</param>
    /// <param name="week">The week.</param>
    /// <param name="now">Now: what lies ahead is not counted.</param>
    public static (int Degraded, int Blocked) Minutes(Budget budget, IEnumerable<TransitionRow> changes, TimeWindow week, DateTimeOffset now)
    {
        var (degraded, blocked) = (TimeSpan.Zero, TimeSpan.Zero);
        foreach (var window in changes.GroupBy(row => (row.Key, row.WindowStartTicks)))
        {
            var rows = window.ToArray();
            for (var i = 0; i < rows.Length; i++)
            {
                var from = Math.Max(rows[i].AtTicks, week.Start.UtcTicks);
                var to = Math.Min(Math.Min(i + 1 < rows.Length ? rows[i + 1].AtTicks : rows[i].WindowEndTicks, week.End.UtcTicks), now.UtcTicks);
                if (to <= from)
                {
                    continue;
                }

                var standing = new Standing((BudgetState)rows[i].ToState, rows[i].ToConfirmed);
                switch (DecisionTable.StrictestFor(budget, standing))
                {
                    case DecisionAction.Degrade:
                        degraded += TimeSpan.FromTicks(to - from);
                        break;
                    case DecisionAction.Block:
                        blocked += TimeSpan.FromTicks(to - from);
                        break;
                    case DecisionAction.Allow:
                        break;
                }
            }
        }

        return ((int)degraded.TotalMinutes, (int)blocked.TotalMinutes);
    }

    /// <summary>What an incident led to: what was said, or nothing once seven days have gone by.</summary>
    public static string? OutcomeOf(IncidentRow row, DateTimeOffset now) =>
        row.Outcome ?? (now.UtcTicks - row.OpenedTicks >= TimeSpan.FromDays(7).Ticks ? "nothing" : null);
}
