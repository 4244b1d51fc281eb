using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Budgets;

// The past counted anew, as after an edit.
public sealed partial class BudgetMeters
{
    /// <summary>
    /// Counts a request of the past, as after an edit: in the window that runs or a later one, and for the burn rates. No
    /// window is evaluated before <see cref="EndRecount"/>.
    /// </summary>
    /// <param name="key">The key, or null.</param>
    /// <param name="occurredAt">When the request occurred; those of one key come in order but for what arrived meanwhile.</param>
    /// <param name="amount">What it counts.</param>
    /// <param name="now">The server's clock.</param>
    public void Recount(string? key, DateTimeOffset occurredAt, WindowSums amount, DateTimeOffset now)
    {
        var meter = KeyOf(key);
        meter.Trail.Add(occurredAt, amount);
        meter.Latest = occurredAt > meter.Latest ? occurredAt : meter.Latest;

        // The trail follows, as it does in live counting: of a long history it holds no more than its long window.
        meter.Trail.MoveTo(MomentOf(meter, now));
        var window = _calendar.WindowAt(occurredAt);
        if (window.End <= now)
        {
            return;
        }

        var windowMeter = meter.Find(window.Start) ?? meter.Add(window);
        windowMeter.Sums += amount;
        NotePassing(windowMeter, occurredAt, now);
    }

    /// <summary>Makes them the meters of a budget that counts as the one does that they were counted for, before they are evaluated.</summary>
    /// <param name="budget">The budget; all but its id and its name as before.</param>
    /// <param name="countedFrom">Windows that end at or before this were never counted under this definition.</param>
    public void BeOf(Budget budget, DateTimeOffset countedFrom) => (Budget, CountedFrom) = (budget, countedFrom);

    /// <summary>Evaluates each window once after a history was counted; those that ended meanwhile are left as they were.</summary>
    /// <param name="latched">Whether a key's running window keeps an earlier confirmation.</param>
    /// <param name="released">The release that a key's running window keeps, or null.</param>
    /// <param name="before">Where a key's running window stood before the change.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="transitions">Receives the changes of state.</param>
    public void EndRecount(
        Func<string?, bool> latched, Func<string?, Release?> released, Func<string?, Standing> before, DateTimeOffset now,
        ICollection<Transition> transitions)
    {
        foreach (var meter in AllKeys())
        {
            meter.DropEnded(now);
            meter.Trail.MoveTo(MomentOf(meter, now));
            foreach (var window in meter.Windows)
            {
                var isRunning = window.Window.Contains(now);
                var evaluated = BudgetEvaluator.Evaluate(
                    Budget, LimitsOf(window),
                    window.Standing with { Confirmed = isRunning && latched(meter.Key), Released = isRunning ? released(meter.Key) : null },
                    window.Sums, meter.Trail, window.Window, MomentOf(meter, now), Expecting(window, now));
                Settle(window, isRunning ? before(meter.Key) : default, evaluated, TransitionCause.Policy, now, transitions);
            }
        }
    }
}
