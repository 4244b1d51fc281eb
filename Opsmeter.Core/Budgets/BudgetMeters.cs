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
public sealed partial class BudgetMeters
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
}
