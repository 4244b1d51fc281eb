namespace Opsmeter.Core.Decisions;

/// <summary>When callers of one endpoint asked each budget key, and what they were told. Thread-safe.</summary>
internal sealed class EndpointAsks
{
    private readonly Dictionary<(string BudgetId, string? Key), AskTrail> _trails = [];
    private readonly Lock _lock = new();
    private bool _isOver;

    /// <summary>Notes what each budget of a decision told.</summary>
    /// <param name="decision">What was answered.</param>
    /// <param name="told">What those told that had their part in it.</param>
    /// <param name="now">When.</param>
    /// <param name="most">How many may be added that were not asked before.</param>
    /// <param name="added">How many were.</param>
    /// <returns>False where this one was swept away, and nothing is noted.</returns>
    public bool TryNote(Decision decision, Ask told, DateTimeOffset now, int most, out int added)
    {
        added = 0;
        lock (_lock)
        {
            if (_isOver)
            {
                return false;
            }

            foreach (var budget in decision.Budgets)
            {
                var place = (budget.Budget.Id, budget.Reading.Key);
                if (!_trails.TryGetValue(place, out var trail) && added < most)
                {
                    _trails[place] = trail = new AskTrail();
                    added++;
                }

                trail?.Add(now, AskBook.IsToldBy(decision, budget) ? told : default);
            }

            return true;
        }
    }

    /// <summary>The answer of a budget key that held last while a call was made, or null where none did.</summary>
    public Ask? During(string budgetId, string? key, DateTimeOffset began, DateTimeOffset occurred)
    {
        lock (_lock)
        {
            return _trails.TryGetValue((budgetId, key), out var trail) ? trail.During(began, occurred) : null;
        }
    }

    /// <summary>Forgets the budget keys that were not asked since an instant.</summary>
    /// <param name="since">The instant, inclusive.</param>
    /// <param name="isOver">True where nothing is left, so that this one is not used again.</param>
    /// <returns>How many were forgotten.</returns>
    public int Sweep(DateTimeOffset since, out bool isOver)
    {
        lock (_lock)
        {
            var before = _trails.Count;
            foreach (var (place, trail) in _trails)
            {
                if (trail.Latest < since)
                {
                    _trails.Remove(place);
                }
            }

            isOver = _isOver = _trails.Count == 0;
            return before - _trails.Count;
        }
    }
}
