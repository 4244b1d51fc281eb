using System.Collections.Concurrent;

namespace Opsmeter.Core.Decisions;

/// <summary>
/// What was asked and obeyed, of each budget by its keys and by the endpoints that it counts, in their running windows.
/// Thread-safe.
/// </summary>
public sealed class EnforcementBook
{
    /// <summary>Where endpoints are counted together that came after <see cref="MostEndpoints"/> others.</summary>
    public const string OtherEndpoints = "__other__";

    /// <summary>How many endpoints are told apart, of all budgets together: room for fifty in each of a hundred budgets.</summary>
    public const int MostEndpoints = 5_000;

    private const int MostPlaces = 200_000;
    private readonly ConcurrentDictionary<Place, Entry> _entries = new();
    private readonly ConcurrentDictionary<Place, bool> _changed = new();
    private readonly Lock _lock = new();
    private readonly List<Place> _folded = [];
    private int _endpoints;
    private bool _isRestored;

    /// <summary>Who asked, and what they were told.</summary>
    public AskBook Asks { get; } = new();

    /// <summary>Adds to a key of a budget and to an endpoint of it; an older window gives way to a newer one.</summary>
    public void Add(EnforcedRow row)
    {
        lock (_lock)
        {
            Add(new Place(row.BudgetId, row.Key, null), row.Window, row.Amount);
            Add(Room(new Place(row.BudgetId, null, row.Endpoint)), row.Window, row.Amount);
        }
    }

    /// <summary>Takes over what was kept, the first time it is called.</summary>
    public void RestoreOnce(Func<IEnumerable<(Place Place, DateTimeOffset Window, Enforcement Total)>> read)
    {
        lock (_lock)
        {
            if (_isRestored)
            {
                return;
            }

            _isRestored = true;
            foreach (var (place, window, total) in read())
            {
                var kept = Room(place);
                Add(kept, window, total);
                if (kept == place)
                {
                    _changed.TryRemove(place, out _);
                }
                else
                {
                    _folded.Add(place);
                }
            }
        }
    }

    /// <summary>What a key of a budget, or a budget that counts together, has in a window.</summary>
    public Enforcement Read(string budgetId, string? key, DateTimeOffset window) =>
        _entries.TryGetValue(new Place(budgetId, key, null), out var entry) && entry.Window == window ? entry.Total : default;

    /// <summary>What each endpoint of a budget has in a window.</summary>
    public IEnumerable<(string Endpoint, Enforcement Total)> ReadEndpoints(string budgetId, DateTimeOffset window) =>
        _entries.Where(pair => pair.Key.BudgetId == budgetId && pair.Key.Endpoint is not null && pair.Value.Window == window)
            .Select(pair => (pair.Key.Endpoint!, pair.Value.Total));

    /// <summary>Takes over how often callers were told to stop since the last call.</summary>
    public void TakeBlocked()
    {
        foreach (var (budgetId, key, window, endpoint, count) in Asks.TakeBlocked())
        {
            Add(new EnforcedRow(budgetId, key, endpoint, window, new Enforcement { Blocked = count }));
        }
    }

    /// <summary>Takes what changed since the last call, to be kept.</summary>
    public IReadOnlyList<(Place Place, DateTimeOffset Window, Enforcement Total)> TakeChanges()
    {
        var changes = new List<(Place, DateTimeOffset, Enforcement)>();
        foreach (var place in _changed.Keys)
        {
            _changed.TryRemove(place, out _);
            if (_entries.TryGetValue(place, out var entry))
            {
                changes.Add((place, entry.Window, entry.Total));
            }
        }

        return changes;
    }

    /// <summary>Forgets the windows that are over, or whose budget is gone.</summary>
    /// <param name="runningFrom">When the running window of a budget starts; null where there is no such budget.</param>
    /// <returns>The places that are forgotten.</returns>
    public IReadOnlyList<Place> Forget(Func<string, DateTimeOffset?> runningFrom)
    {
        var over = _entries.Where(pair => runningFrom(pair.Key.BudgetId) is not { } start || pair.Value.Window < start).Select(pair => pair.Key).ToArray();
        foreach (var place in over)
        {
            if (_entries.TryRemove(place, out _) && place.Endpoint is not null)
            {
                Interlocked.Decrement(ref _endpoints);
            }
        }

        lock (_lock)
        {
            Place[] all = [.. over, .. _folded];
            _folded.Clear();
            return all;
        }
    }

    private void Add(Place place, DateTimeOffset window, Enforcement amount)
    {
        if (_entries.TryGetValue(place, out var entry))
        {
            if (entry.Window > window)
            {
                return;
            }

            _entries[place] = new Entry(window, entry.Window == window ? entry.Total + amount : amount);
        }
        else if (_entries.Count < MostPlaces)
        {
            _entries[place] = new Entry(window, amount);
            if (place.Endpoint is not null)
            {
                Interlocked.Increment(ref _endpoints);
            }
        }
        else
        {
            return;
        }

        _changed[place] = true;
    }

    // A sender that makes names up would take all memory with them: newcomers past the limit are counted together.
    private Place Room(Place place) =>
        place.Endpoint is null || _entries.ContainsKey(place) || Volatile.Read(ref _endpoints) < MostEndpoints ? place : place with { Endpoint = OtherEndpoints };

    /// <summary>A key of a budget, or an endpoint that it counts.</summary>
    /// <param name="BudgetId">The budget.</param>
    /// <param name="Key">The key; null where it counts together, or with an endpoint.</param>
    /// <param name="Endpoint">The endpoint, or null.</param>
    public readonly record struct Place(string BudgetId, string? Key, string? Endpoint);

    private sealed record Entry(DateTimeOffset Window, Enforcement Total);
}
