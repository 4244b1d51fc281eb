using System.Collections.Concurrent;
using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Decisions;

/// <summary>
/// The holds of one workspace. One thread changes it, in the transaction that writes the same to disk; any number read.
/// What is held is exact at the clock that the reader names: nothing has to sweep first.
/// </summary>
public sealed class HoldBook
{
    /// <summary>The most holds at once; beyond them calls are decided without one.</summary>
    public const int Most = 200_000;

    private readonly Dictionary<string, Hold> _holds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string BudgetId, string? Key, DateTimeOffset Start), Place> _places = new();
    private volatile bool _hasPlaces;
    private Usd _total;

    /// <summary>How many there are, the writing thread's view.</summary>
    public int Count => _holds.Count;

    /// <summary>True where there is room for another hold, in number and in the range of nano-USD.</summary>
    public bool HasRoomFor(Usd amount) => _holds.Count < Most && amount.Nano < (long.MaxValue / 4) - _total.Nano;

    /// <summary>Takes a hold over, in place of an earlier one with its id.</summary>
    public void Put(Hold hold)
    {
        ArgumentNullException.ThrowIfNull(hold);
        Remove(hold.ExternalId);
        _holds[hold.ExternalId] = hold;
        _total += hold.Amount;
        _hasPlaces = true;
        foreach (var place in hold.Places)
        {
            _places.GetOrAdd((place.BudgetId, place.Key, place.Window.Start), _ => new Place(place.Window.End))
                .Add(hold.ExternalId, hold.Amount, hold.ExpiresAt);
        }
    }

    /// <summary>Ends a hold: settled, or released.</summary>
    /// <returns>The hold, or null where there is none.</returns>
    public Hold? Remove(string externalId)
    {
        if (!_holds.Remove(externalId, out var hold))
        {
            return null;
        }

        _total -= hold.Amount;
        foreach (var place in hold.Places)
        {
            if (_places.TryGetValue((place.BudgetId, place.Key, place.Window.Start), out var held))
            {
                held.Remove(externalId);
            }
        }

        return hold;
    }

    /// <summary>What is held against a window.</summary>
    /// <param name="budget">The budget; its choice says what an expired hold is.</param>
    /// <param name="key">The key.</param>
    /// <param name="windowStart">The window's start.</param>
    /// <param name="now">The server's clock.</param>
    /// <param name="except">The id of a hold to leave out: the one that is about to be replaced.</param>
    public HeldSum Read(Budget budget, string? key, DateTimeOffset windowStart, DateTimeOffset now, string? except = null)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return !_hasPlaces || !_places.TryGetValue((budget.Id, key, windowStart), out var place)
            ? default
            : place.Read(budget.HoldExpiry == HoldExpiry.Charge, now, except);
    }

    /// <summary>The ids of what expired and is still held against a budget's key.</summary>
    public IReadOnlyList<string> ExpiredOf(string budgetId, string? key, DateTimeOffset now) =>
    [
        .. _holds.Values.Where(hold => hold.ExpiresAt <= now && hold.Places.Any(place => place.BudgetId == budgetId && place.Key == key && place.Window.Contains(now)))
            .Select(hold => hold.ExternalId),
    ];

    /// <summary>True where <see cref="Sweep"/> would find nothing.</summary>
    public bool IsEmpty => !_hasPlaces;

    /// <summary>Forgets the holds of windows that are over, and those that expired and are charged nowhere.</summary>
    /// <param name="expiryOf">A budget's choice; null for one that is gone.</param>
    /// <param name="now">The server's clock.</param>
    /// <returns>The ids that were forgotten.</returns>
    public IReadOnlyList<string> Sweep(Func<string, HoldExpiry?> expiryOf, DateTimeOffset now)
    {
        var over = _holds.Values.Where(hold => hold.Places.All(place => place.Window.End <= now
            || (hold.ExpiresAt <= now && expiryOf(place.BudgetId) != HoldExpiry.Charge))).Select(hold => hold.ExternalId).ToArray();
        foreach (var externalId in over)
        {
            Remove(externalId);
        }

        foreach (var (where, place) in _places)
        {
            if (place.IsEmpty || place.End <= now)
            {
                _places.TryRemove(where, out _);
            }
        }

        // Asked of every decision: the dictionary's own answer takes all its locks.
        _hasPlaces = !_places.IsEmpty;
        return over;
    }

    /// <summary>What is held against one window, by the ids of the calls.</summary>
    private sealed class Place(DateTimeOffset end)
    {
        private readonly Lock _lock = new();
        private readonly Dictionary<string, (Usd Amount, DateTimeOffset ExpiresAt, bool IsExpired)> _holds = new(StringComparer.Ordinal);
        private readonly PriorityQueue<string, DateTimeOffset> _byExpiry = new();
        private Usd _live;
        private Usd _expired;

        public DateTimeOffset End => end;

        public bool IsEmpty
        {
            get
            {
                lock (_lock)
                {
                    return _holds.Count == 0;
                }
            }
        }

        public void Add(string externalId, Usd amount, DateTimeOffset expiresAt)
        {
            lock (_lock)
            {
                _holds[externalId] = (amount, expiresAt, false);
                _byExpiry.Enqueue(externalId, expiresAt);
                _live += amount;
            }
        }

        public void Remove(string externalId)
        {
            lock (_lock)
            {
                if (_holds.Remove(externalId, out var hold))
                {
                    (_live, _expired) = hold.IsExpired ? (_live, _expired - hold.Amount) : (_live - hold.Amount, _expired);
                }
            }
        }

        public HeldSum Read(bool charges, DateTimeOffset now, string? except)
        {
            lock (_lock)
            {
                while (_byExpiry.TryPeek(out var externalId, out var expiresAt) && expiresAt <= now)
                {
                    _byExpiry.Dequeue();
                    if (_holds.TryGetValue(externalId, out var hold) && hold.ExpiresAt == expiresAt && !hold.IsExpired)
                    {
                        _holds[externalId] = (hold.Amount, hold.ExpiresAt, true);
                        (_live, _expired) = (_live - hold.Amount, _expired + hold.Amount);
                    }
                }

                var (live, expired) = (_live, _expired);
                if (except is not null && _holds.TryGetValue(except, out var left))
                {
                    (live, expired) = left.IsExpired ? (live, expired - left.Amount) : (live - left.Amount, expired);
                }

                return charges ? new HeldSum(live + expired, expired) : new HeldSum(live, Usd.Zero);
            }
        }
    }
}
