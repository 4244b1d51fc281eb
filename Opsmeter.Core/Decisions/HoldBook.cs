using System.Collections.Concurrent;
using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Decisions;

/// <summary>
/// The holds of one workspace. One thread changes it, in the transaction that writes the same to disk; any number read.
/// What is held is exact at the moment of reading: nothing has to sweep first. Holds last for elapsed time: a wall clock that is
/// set neither ends nor prolongs them. The windows that they are held against go by the wall clock.
/// </summary>
/// <param name="time">Says how much time has passed.</param>
public sealed class HoldBook(TimeProvider time)
{
    /// <summary>The most holds at once; beyond them calls are decided without one.</summary>
    public const int Most = 200_000;

    private readonly Dictionary<string, (Hold Hold, TimeSpan Ends)> _holds = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string BudgetId, string? Key, DateTimeOffset Start), Place> _places = new();
    private readonly long _opened = time.GetTimestamp();
    private volatile bool _hasPlaces;
    private Usd _total;

    /// <summary>How many there are, the writing thread's view.</summary>
    public int Count => _holds.Count;

    /// <summary>True where there is room for another hold, in number and in the range of nano-USD.</summary>
    public bool HasRoomFor(Usd amount) => _holds.Count < Most && amount.Nano < (long.MaxValue / 4) - _total.Nano;

    private TimeSpan Passed => time.GetElapsedTime(_opened);

    /// <summary>Takes a hold over, in place of an earlier one with its id.</summary>
    /// <param name="hold">The hold.</param>
    /// <param name="now">The wall clock by which its expiry was set.</param>
    public void Put(Hold hold, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(hold);
        Remove(hold.ExternalId);
        var ends = Passed + (hold.ExpiresAt - now);
        _holds[hold.ExternalId] = (hold, ends);
        _total += hold.Amount;
        _hasPlaces = true;
        foreach (var place in hold.Places)
        {
            _places.GetOrAdd((place.BudgetId, place.Key, place.Window.Start), _ => new Place(place.Window.End))
                .Add(hold.ExternalId, hold.Amount, ends);
        }
    }

    /// <summary>Ends a hold: settled, or released.</summary>
    /// <returns>The hold, or null where there is none.</returns>
    public Hold? Remove(string externalId)
    {
        if (!_holds.Remove(externalId, out var kept))
        {
            return null;
        }

        var hold = kept.Hold;
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
    /// <param name="except">The id of a hold to leave out: the one that is about to be replaced.</param>
    public HeldSum Read(Budget budget, string? key, DateTimeOffset windowStart, string? except = null)
    {
        ArgumentNullException.ThrowIfNull(budget);
        return !_hasPlaces || !_places.TryGetValue((budget.Id, key, windowStart), out var place)
            ? default
            : place.Read(budget.HoldExpiry == HoldExpiry.Charge, Passed, except);
    }

    /// <summary>The ids of what expired and is still held against a budget's key.</summary>
    /// <param name="budgetId">The budget.</param>
    /// <param name="key">The key.</param>
    /// <param name="now">The wall clock: which window is running.</param>
    public IReadOnlyList<string> ExpiredOf(string budgetId, string? key, DateTimeOffset now)
    {
        var passed = Passed;
        return
        [
            .. _holds.Values.Where(kept => kept.Ends <= passed && kept.Hold.Places.Any(place => place.BudgetId == budgetId && place.Key == key && place.Window.Contains(now)))
                .Select(kept => kept.Hold.ExternalId),
        ];
    }

    /// <summary>True where <see cref="Sweep"/> would find nothing.</summary>
    public bool IsEmpty => !_hasPlaces;

    /// <summary>
    /// Forgets the holds that expired and are charged nowhere: because no budget charges them, or because its window is over.
    /// One that has not expired stays, so that a wall clock which is set for a moment ends no window for it.
    /// </summary>
    /// <param name="expiryOf">A budget's choice; null for one that is gone.</param>
    /// <param name="now">The wall clock.</param>
    /// <returns>The ids that were forgotten.</returns>
    public IReadOnlyList<string> Sweep(Func<string, HoldExpiry?> expiryOf, DateTimeOffset now)
    {
        var passed = Passed;
        var over = _holds.Values.Where(kept => kept.Ends <= passed
                && kept.Hold.Places.All(place => place.Window.End <= now || expiryOf(place.BudgetId) != HoldExpiry.Charge))
            .Select(kept => kept.Hold.ExternalId).ToArray();
        foreach (var externalId in over)
        {
            Remove(externalId);
        }

        foreach (var (where, place) in _places)
        {
            if (place.IsOver(now, passed))
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
        private readonly Dictionary<string, (Usd Amount, TimeSpan Ends, bool IsExpired)> _holds = new(StringComparer.Ordinal);
        private readonly PriorityQueue<string, TimeSpan> _byEnd = new();
        private Usd _live;
        private Usd _expired;

        /// <summary>True where nothing is held, or only what expired of a window that is over.</summary>
        public bool IsOver(DateTimeOffset now, TimeSpan passed)
        {
            lock (_lock)
            {
                Expire(passed);
                return _holds.Count == 0 || (end <= now && _byEnd.Count == 0);
            }
        }

        public void Add(string externalId, Usd amount, TimeSpan ends)
        {
            lock (_lock)
            {
                _holds[externalId] = (amount, ends, false);
                _byEnd.Enqueue(externalId, ends);
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

        public HeldSum Read(bool charges, TimeSpan passed, string? except)
        {
            lock (_lock)
            {
                Expire(passed);
                var (live, expired) = (_live, _expired);
                if (except is not null && _holds.TryGetValue(except, out var left))
                {
                    (live, expired) = left.IsExpired ? (live, expired - left.Amount) : (live - left.Amount, expired);
                }

                return charges ? new HeldSum(live + expired, expired) : new HeldSum(live, Usd.Zero);
            }
        }

        private void Expire(TimeSpan passed)
        {
            while (_byEnd.TryPeek(out var externalId, out var ends) && ends <= passed)
            {
                _byEnd.Dequeue();
                if (_holds.TryGetValue(externalId, out var hold) && hold.Ends == ends && !hold.IsExpired)
                {
                    _holds[externalId] = (hold.Amount, hold.Ends, true);
                    (_live, _expired) = (_live - hold.Amount, _expired + hold.Amount);
                }
            }
        }
    }
}
