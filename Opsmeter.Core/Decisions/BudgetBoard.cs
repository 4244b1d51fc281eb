using System.Collections.Concurrent;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Decisions;

/// <summary>
/// What is known of one budget on disk: the readings of its windows. One thread publishes after each commit; any number
/// read without a lock.
/// </summary>
public sealed class BudgetBoard
{
    private readonly ConcurrentDictionary<string, WindowReading[]> _keys = new(StringComparer.Ordinal);
    private readonly WindowCalendar _calendar;
    private readonly TimeZoneInfo _zone;
    private volatile WindowReading[] _together = [];
    private volatile LocalEnd? _end;

    /// <summary>Creates the board of a budget, with nothing counted.</summary>
    public BudgetBoard(Budget budget)
    {
        Budget = budget;
        _calendar = new WindowCalendar(budget.Window);
        _zone = TimeZoneInfo.FindSystemTimeZoneById(budget.Window.TimeZone);
    }

    /// <summary>The budget.</summary>
    public Budget Budget { get; }

    /// <summary>Makes a reading visible, in place of the one of the same key and window.</summary>
    public void Publish(WindowReading reading, DateTimeOffset now)
    {
        if (reading.Key is null)
        {
            _together = With(_together, reading, now);
        }
        else
        {
            _keys[reading.Key] = With(_keys.GetValueOrDefault(reading.Key, []), reading, now);
        }
    }

    /// <summary>Forgets the keys whose windows are over.</summary>
    public void DropEnded(DateTimeOffset now)
    {
        foreach (var (key, readings) in _keys)
        {
            if (Array.TrueForAll(readings, reading => reading.Window.End <= now))
            {
                _keys.TryRemove(key, out _);
            }
        }
    }

    /// <summary>The window that holds an instant.</summary>
    public TimeWindow WindowAt(DateTimeOffset instant) => _calendar.WindowAt(instant);

    /// <summary>The window of a key that holds the server's now; an empty one where nothing was counted yet.</summary>
    public WindowReading Read(string? key, DateTimeOffset now)
    {
        var readings = key is null ? _together : _keys.GetValueOrDefault(key, []);
        foreach (var reading in readings)
        {
            if (reading.Window.Contains(now))
            {
                return reading;
            }
        }

        var window = _calendar.WindowAt(now);
        var limits = Budget.LimitsFor(key, window);
        return new WindowReading
        {
            Key = key,
            Window = window,
            Limits = limits,
            Measure = BudgetEvaluator.DecidingMeasure(default, limits),
            LastRequestAt = readings.Length > 0 ? readings[^1].LastRequestAt : null,
        };
    }

    /// <summary>
    /// The running window of every key that has one; a budget that counts together always has exactly one.
    /// </summary>
    public IEnumerable<WindowReading> ReadAll(DateTimeOffset now)
    {
        if (Budget.Per is null)
        {
            return [Read(null, now)];
        }

        return _keys.Values
            .Select(readings => Array.Find(readings, reading => reading.Window.Contains(now)))
            .OfType<WindowReading>();
    }

    /// <summary>When a window ends, with the offset of the budget's zone; null where it never does.</summary>
    public DateTimeOffset? ResetsAt(TimeWindow window)
    {
        if (window.IsTotal)
        {
            return null;
        }

        if (_end is { } known && known.End == window.End)
        {
            return known.Local;
        }

        var end = new LocalEnd(window.End, TimeZoneInfo.ConvertTime(window.End, _zone));
        _end = end;
        return end.Local;
    }

    private static WindowReading[] With(WindowReading[] readings, WindowReading reading, DateTimeOffset now) =>
        reading.Window.End <= now && readings.Length > 0 ? readings
            : readings.Length == 1 && readings[0].Window.Start == reading.Window.Start ? [reading]
            : [.. readings.Where(other => other.Window.Start != reading.Window.Start && other.Window.End > now), reading];

    /// <summary>The end of the window that was asked for last, and how the budget's zone writes it.</summary>
    private sealed record LocalEnd(DateTimeOffset End, DateTimeOffset Local);
}
