using System.Runtime.InteropServices;

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
    private readonly Dictionary<string, BudgetEnforcement> _budgets = new(StringComparer.Ordinal);
    private readonly List<Place> _changed = [];
    private readonly List<Place> _folded = [];
    private readonly Lock _lock = new();
    private int _places;
    private int _endpoints;
    private bool _isRestored;

    /// <summary>Who asked, and what they were told.</summary>
    public AskBook Asks { get; } = new();

    /// <summary>Adds each to a key of a budget and to an endpoint of it; an older window gives way to a newer one.</summary>
    public void Add(IReadOnlyList<EnforcedRow> rows)
    {
        lock (_lock)
        {
            for (var i = 0; i < rows.Count; i++)
            {
                Add(rows[i]);
            }
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
                if (Add(kept, window, total) is { } entry && kept == place)
                {
                    entry.IsChanged = false;
                }

                if (kept != place)
                {
                    _folded.Add(place);
                }
            }
        }
    }

    /// <summary>What a key of a budget, or a budget that counts together, has in a window.</summary>
    public Enforcement Read(string budgetId, string? key, DateTimeOffset window)
    {
        lock (_lock)
        {
            return Find(new Place(budgetId, key, null)) is { } entry && entry.Window == window ? entry.Total : default;
        }
    }

    /// <summary>What each endpoint of a budget has in a window.</summary>
    public IReadOnlyList<(string Endpoint, Enforcement Total)> ReadEndpoints(string budgetId, DateTimeOffset window)
    {
        lock (_lock)
        {
            return _budgets.TryGetValue(budgetId, out var budget)
                ? [.. budget.Endpoints.Where(pair => pair.Value.Window == window).Select(pair => (pair.Key, pair.Value.Total))]
                : [];
        }
    }

    /// <summary>Takes over how often callers were told to stop since the last call.</summary>
    public void TakeBlocked() => Add([
        .. Asks.TakeBlocked().Select(told => new EnforcedRow(told.BudgetId, told.Key, told.Endpoint, told.Window, new Enforcement { Blocked = told.Count })),
    ]);

    /// <summary>Takes what changed since the last call, to be kept.</summary>
    public IReadOnlyList<(Place Place, DateTimeOffset Window, Enforcement Total)> TakeChanges()
    {
        lock (_lock)
        {
            var changes = new List<(Place, DateTimeOffset, Enforcement)>();
            foreach (var place in _changed)
            {
                if (Find(place) is { IsChanged: true } entry)
                {
                    entry.IsChanged = false;
                    changes.Add((place, entry.Window, entry.Total));
                }
            }

            _changed.Clear();
            return changes;
        }
    }

    /// <summary>Forgets the windows that are over, or whose budget is gone.</summary>
    /// <param name="runningFrom">When the running window of a budget starts; null where there is no such budget.</param>
    /// <returns>The places that are forgotten.</returns>
    public IReadOnlyList<Place> Forget(Func<string, DateTimeOffset?> runningFrom)
    {
        lock (_lock)
        {
            List<Place> over = [];
            foreach (var (id, budget) in _budgets)
            {
                var start = runningFrom(id);
                over.AddRange(budget.All(id).Where(each => start is null || each.Entry.Window < start).Select(each => each.Place));
            }

            foreach (var place in over)
            {
                var budget = _budgets[place.BudgetId];
                budget.Remove(place);
                if (budget.IsEmpty)
                {
                    _budgets.Remove(place.BudgetId);
                }

                _places--;
                _endpoints -= place.Endpoint is null ? 0 : 1;
            }

            over.AddRange(_folded);
            _folded.Clear();
            return over;
        }
    }

    private void Add(EnforcedRow row)
    {
        Add(new Place(row.BudgetId, row.Key, null), row.Window, row.Amount);
        Add(Room(new Place(row.BudgetId, null, row.Endpoint)), row.Window, row.Amount);
    }

    private EnforcementEntry? Add(Place place, DateTimeOffset window, Enforcement amount)
    {
        var entry = Find(place);
        if (entry is null)
        {
            if (_places >= MostPlaces)
            {
                return null;
            }

            entry = new EnforcementEntry { Window = window };
            (CollectionsMarshal.GetValueRefOrAddDefault(_budgets, place.BudgetId, out _) ??= new BudgetEnforcement()).Put(place, entry);
            _places++;
            _endpoints += place.Endpoint is null ? 0 : 1;
        }

        if (entry.Window > window)
        {
            return null;
        }

        entry.Total = entry.Window == window ? entry.Total + amount : amount;
        entry.Window = window;
        if (!entry.IsChanged)
        {
            entry.IsChanged = true;
            _changed.Add(place);
        }

        return entry;
    }

    private EnforcementEntry? Find(Place place) => _budgets.TryGetValue(place.BudgetId, out var budget) ? budget.Find(place) : null;

    // A sender that makes names up would take all memory with them: newcomers past the limit are counted together.
    private Place Room(Place place) =>
        place.Endpoint is null || _endpoints < MostEndpoints || Find(place) is not null ? place : place with { Endpoint = OtherEndpoints };

    /// <summary>A key of a budget, or an endpoint that it counts.</summary>
    /// <param name="BudgetId">The budget.</param>
    /// <param name="Key">The key; null where it counts together, or with an endpoint.</param>
    /// <param name="Endpoint">The endpoint, or null.</param>
    public readonly record struct Place(string BudgetId, string? Key, string? Endpoint);
}
