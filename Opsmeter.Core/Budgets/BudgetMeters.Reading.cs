using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Budgets;

// Where windows stand, and what is expected of them.
public sealed partial class BudgetMeters
{
    /// <summary>The highest used ÷ limit of a window.</summary>
    internal decimal UseOf(WindowMeter window) => BudgetEvaluator.Use(window.Sums, LimitsOf(window));

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
