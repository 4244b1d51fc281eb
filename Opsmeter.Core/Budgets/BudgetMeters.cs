using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Budgets;

/// <summary>Reads one window of one key from the ledger, or null where nothing was counted.</summary>
/// <param name="budgetId">The budget.</param>
/// <param name="key">The key, or null.</param>
/// <param name="windowStart">The window's start.</param>
public delegate MeterRecord? MeterLookup(string budgetId, string? key, DateTimeOffset windowStart);

/// <summary>
/// Reads what a budget's conditions matched by the hour, whichever key it counts under, unpriced requests without cost.
/// </summary>
/// <param name="budget">The budget.</param>
/// <param name="measure">What to add up.</param>
/// <param name="hours">From, inclusive, to, exclusive; whole UTC hours.</param>
/// <returns>One sum for each hour.</returns>
public delegate IReadOnlyList<long> HourLookup(Budget budget, Measure measure, TimeWindow hours);

/// <summary>
/// One budget at work: counts matching requests into windows and evaluates the windows they touch. Not thread-safe:
/// the thread that runs the pipeline owns it and publishes readings.
/// </summary>
public sealed class BudgetMeters
{
    private readonly Dictionary<string, KeyMeter> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<WindowMeter> _touched = [];
    private readonly HashSet<WindowMeter> _dirty = [];
    private readonly WindowCalendar _calendar;
    private readonly WindowCalendar _days;
    private readonly TimeZoneInfo _zone;
    private readonly MeterLookup _lookup;
    private readonly HourLookup _hours;
    private readonly Dictionary<(DateTimeOffset Day, TimeWindow Window, Measure Measure), ExpectedProfile> _profiles = [];
    private readonly Func<Measure, ExpectedProfile> _expected;
    private (WindowMeter Window, DateTimeOffset Now) _asked;
    private KeyMeter? _together;

    /// <summary>Creates the budget's meters, empty.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="countedFrom">Windows that end at or before this were never counted under this definition.</param>
    /// <param name="lookup">Reads windows that are not in memory.</param>
    /// <param name="hours">Reads what to expect of a day from.</param>
    public BudgetMeters(Budget budget, DateTimeOffset countedFrom, MeterLookup lookup, HourLookup hours)
    {
        Budget = budget;
        CountedFrom = countedFrom;
        (_lookup, _hours, _expected) = (lookup, hours, Expected);
        _calendar = new WindowCalendar(budget.Window);
        _days = new WindowCalendar(budget.Window with { Kind = WindowKind.Day });
        _zone = TimeZoneInfo.FindSystemTimeZoneById(budget.Window.TimeZone);
    }

    /// <summary>The budget.</summary>
    public Budget Budget { get; private set; }

    /// <summary>Windows that end at or before this are left alone.</summary>
    public DateTimeOffset CountedFrom { get; private set; }

    /// <summary>The window that holds an instant.</summary>
    public TimeWindow WindowAt(DateTimeOffset instant) => _calendar.WindowAt(instant);

    /// <summary>Takes over what the ledger kept of a window, at start.</summary>
    public void Restore(MeterRecord record)
    {
        var meter = KeyOf(record.Key);
        var window = meter.Find(record.Window.Start) ?? meter.Add(record.Window);
        window.Sums = record.Sums;
        window.Standing = record.Standing;
        meter.Latest = record.LatestOccurredAt > meter.Latest ? record.LatestOccurredAt : meter.Latest;
    }

    /// <summary>Takes over an amount that the ledger already counted, for the burn rates only, at start.</summary>
    public void RestoreTrail(string? key, DateTimeOffset occurredAt, WindowSums amount) =>
        KeyOf(key).Trail.Add(occurredAt, amount);

    /// <summary>Adds an amount, negative to take one back, to the window of its instant. Evaluation comes after.</summary>
    /// <param name="key">The key, or null.</param>
    /// <param name="occurredAt">When the request occurred.</param>
    /// <param name="amount">What it counts.</param>
    /// <param name="now">The server's clock.</param>
    public void Count(string? key, DateTimeOffset occurredAt, WindowSums amount, DateTimeOffset now)
    {
        var window = _calendar.WindowAt(occurredAt);
        if (window.End <= CountedFrom)
        {
            return;
        }

        var meter = KeyOf(key);
        var windowMeter = meter.Find(window.Start) ?? Load(meter, window);
        windowMeter.Sums += amount;
        meter.Trail.Add(occurredAt, amount);
        meter.Latest = occurredAt > meter.Latest ? occurredAt : meter.Latest;
        meter.Trail.MoveTo(MomentOf(meter, now));
        _touched.Add(windowMeter);
    }

    /// <summary>Evaluates every window touched since the last call.</summary>
    /// <param name="cause">Why, for windows that are not over.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="transitions">Receives the changes of state.</param>
    public void Evaluate(TransitionCause cause, DateTimeOffset now, ICollection<Transition> transitions)
    {
        foreach (var window in _touched)
        {
            EvaluateOne(window, cause, now, transitions);
        }

        _touched.Clear();
    }

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

    /// <summary>Forgets windows that are over and keys with nothing left in memory.</summary>
    /// <param name="now">The server's clock.</param>
    /// <returns>True when a window that was running has ended.</returns>
    public bool Advance(DateTimeOffset now)
    {
        var ended = false;
        foreach (var meter in AllKeys().ToArray())
        {
            ended |= meter.DropEnded(now);
            meter.Trail.MoveTo(MomentOf(meter, now));
            if (meter.Key is not null && meter.Windows.Count == 0 && meter.Latest < now - Budget.Confirmation.Long)
            {
                _keys.Remove(meter.Key);
            }
        }

        return ended;
    }

    /// <summary>True where a window changed since the changes were taken.</summary>
    public bool HasChanges => _dirty.Count > 0;

    /// <summary>Takes the windows that changed since the last call, as the ledger keeps them.</summary>
    public IEnumerable<(MeterRecord Record, WindowReading Reading)> DrainChanges()
    {
        foreach (var window in _dirty)
        {
            var record = new MeterRecord
            {
                BudgetId = Budget.Id,
                Key = window.Owner.Key,
                Window = window.Window,
                Sums = window.Sums,
                Standing = window.Standing,
                LatestOccurredAt = window.Owner.Latest,
            };
            yield return (record, Read(window));
        }

        _dirty.Clear();
    }

    /// <summary>The windows that changed since <see cref="ForgetChanges"/>.</summary>
    internal IReadOnlyCollection<WindowMeter> Changes => _dirty;

    /// <summary>The highest used ÷ limit of a window.</summary>
    internal decimal UseOf(WindowMeter window) => BudgetEvaluator.Use(window.Sums, LimitsOf(window));

    /// <summary>Forgets which windows have changed.</summary>
    internal void ForgetChanges() => _dirty.Clear();

    /// <summary>Ends the block of a key's running window: it is then as exceeded and not confirmed, and confirmed only by what comes.</summary>
    /// <param name="key">The key.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="transitions">Receives the change of state.</param>
    /// <returns>False where nothing is confirmed.</returns>
    public bool Release(string? key, DateTimeOffset now, ICollection<Transition> transitions)
    {
        if (!ReadAt(key, now).Standing.Confirmed)
        {
            return false;
        }

        var meter = KeyOf(key);
        var window = meter.Find(_calendar.WindowAt(now).Start)!;
        var release = new Release(MomentOf(meter, now), window.Sums.Spend.Nano, window.Sums.Requests, window.Sums.Tokens);
        Settle(window, window.Standing, window.Standing with { Confirmed = false, Released = release }, TransitionCause.Release, now, transitions);
        return true;
    }

    /// <summary>Where a key stands in the window that holds an instant, as far as it is in memory.</summary>
    public Standing StandingAt(string? key, DateTimeOffset instant)
    {
        var meter = key is null ? _together : _keys.GetValueOrDefault(key);
        return meter?.Find(_calendar.WindowAt(instant).Start)?.Standing ?? default;
    }

    /// <summary>Where a key stands in the window that holds an instant, what was counted a moment ago included.</summary>
    public WindowReading ReadAt(string? key, DateTimeOffset now)
    {
        var window = _calendar.WindowAt(now);
        var meter = key is null ? _together : _keys.GetValueOrDefault(key);
        if (meter?.Find(window.Start) is { } found)
        {
            return Read(found);
        }

        if (window.End > CountedFrom && _lookup(Budget.Id, key, window.Start) is { } kept)
        {
            Restore(kept);
            return ReadAt(key, now);
        }

        var limits = Budget.LimitsFor(key, window);
        return new WindowReading { Key = key, Window = window, Limits = limits, Measure = BudgetEvaluator.DecidingMeasure(default, limits) };
    }

    /// <summary>Every window in memory, for publishing a whole budget.</summary>
    public IEnumerable<WindowReading> Readings() => AllKeys().SelectMany(meter => meter.Windows).Select(Read);

    private void EvaluateOne(
        WindowMeter window, TransitionCause cause, DateTimeOffset now, ICollection<Transition> transitions)
    {
        var meter = window.Owner;
        var limits = LimitsOf(window);
        var over = window.Window.End <= now;
        var after = over
            ? BudgetEvaluator.EvaluateEnded(Budget, limits, window.Standing, window.Sums)
            : BudgetEvaluator.Evaluate(
                Budget, limits, window.Standing, window.Sums, meter.Trail, window.Window, MomentOf(meter, now), Expecting(window, now));
        var why = over && cause == TransitionCause.Request ? TransitionCause.Late : cause;
        Settle(window, window.Standing, after, why, now, transitions);
    }

    private void Settle(
        WindowMeter window, Standing before, Standing after, TransitionCause cause, DateTimeOffset now,
        ICollection<Transition> transitions)
    {
        window.Standing = after;
        _dirty.Add(window);
        if (before.State == after.State && before.Confirmed == after.Confirmed)
        {
            return;
        }

        var reading = Read(window);
        transitions.Add(new Transition
        {
            BudgetId = Budget.Id,
            Key = window.Owner.Key,
            Window = window.Window,
            At = MomentOf(window.Owner, now),
            From = before,
            To = after,
            Sums = window.Sums,
            Limits = reading.Limits,
            Measure = reading.Measure,
            BurnLong = reading.BurnLong,
            BurnShort = reading.BurnShort,
            Cause = cause,
        });
    }

    private void NotePassing(WindowMeter window, DateTimeOffset occurredAt, DateTimeOffset now)
    {
        if (window.Standing.PassedAt is null
            && BudgetEvaluator.StateOf(window.Sums, LimitsOf(window), Budget.WarnAt) == BudgetState.Exceeded)
        {
            window.Standing = window.Standing with { PassedAt = occurredAt < now ? occurredAt : now };
        }
    }

    internal WindowReading Read(WindowMeter window)
    {
        var limits = LimitsOf(window);
        var measure = BudgetEvaluator.DecidingMeasure(window.Sums, limits);
        var limit = limits.Of(measure) ?? 0;
        var meter = window.Owner;
        return new WindowReading
        {
            Key = meter.Key,
            Window = window.Window,
            Sums = window.Sums,
            Standing = window.Standing,
            Limits = limits,
            Measure = measure,
            Use = BudgetEvaluator.Use(window.Sums, limits),
            BurnLong = BurnRate.Of(meter.Trail.InLong(measure), Budget.Confirmation.Long, limit, window.Window),
            BurnShort = BurnRate.Of(meter.Trail.InShort(measure), Budget.Confirmation.Short, limit, window.Window),
            LastRequestAt = meter.Latest == DateTimeOffset.MinValue ? null : meter.Latest,
        };
    }

    private WindowMeter Load(KeyMeter meter, TimeWindow window)
    {
        var added = meter.Add(window);
        if (_lookup(Budget.Id, meter.Key, window.Start) is { } kept)
        {
            added.Sums = kept.Sums;
            added.Standing = kept.Standing;
            meter.Latest = kept.LatestOccurredAt > meter.Latest ? kept.LatestOccurredAt : meter.Latest;
        }

        return added;
    }

    private KeyMeter KeyOf(string? key)
    {
        if (key is null)
        {
            return _together ??= new KeyMeter(null, Budget.Confirmation);
        }

        if (!_keys.TryGetValue(key, out var meter))
        {
            _keys[key] = meter = new KeyMeter(key, Budget.Confirmation);
        }

        return meter;
    }

    private IEnumerable<KeyMeter> AllKeys() => _together is null ? _keys.Values : _keys.Values.Append(_together);

    /// <summary>How use of a window is expected to spread as of the local day of its moment; looked up once a day, if at all.</summary>
    private Func<Measure, ExpectedProfile> Expecting(WindowMeter window, DateTimeOffset now)
    {
        _asked = (window, now);
        return _expected;
    }

    private ExpectedProfile Expected(Measure measure)
    {
        var (window, now) = _asked;
        var day = _days.WindowAt(MomentOf(window.Owner, now));
        var place = (day.Start, window.Window, measure);
        if (!_profiles.TryGetValue(place, out var profile))
        {
            foreach (var old in _profiles.Keys.Where(old => old.Day < day.Start).ToArray())
            {
                _profiles.Remove(old);
            }

            var until = ExpectedProfile.FloorOf(day.Start);
            var known = new TimeWindow(until - ExpectedProfile.Learned, until);
            var over = new TimeWindow(day.Start - Budget.Confirmation.Long, window.Window.End > day.End ? window.Window.End : day.End);
            _profiles[place] = profile = ExpectedProfile.Of(known.Start, _hours(Budget, measure, known), _zone, over);
        }

        return profile;
    }

    private Limits LimitsOf(WindowMeter window) => Budget.LimitsFor(window.Owner.Key, window.Window);

    private static DateTimeOffset MomentOf(KeyMeter meter, DateTimeOffset now) => meter.Latest < now ? meter.Latest : now;
}
