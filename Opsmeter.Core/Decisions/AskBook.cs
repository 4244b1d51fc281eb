using System.Collections.Concurrent;

namespace Opsmeter.Core.Decisions;

/// <summary>
/// Who asked before it called, and what it was told: by the request's id where one was named, else by endpoint and budget
/// key while an answer holds. In memory and bounded; the oldest are forgotten first. Thread-safe.
/// </summary>
public sealed class AskBook
{
    private const int MostIds = 50_000;
    private const int MostTrails = 100_000;
    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, (Ask Told, string[] By)> _ids = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();
    private readonly ConcurrentDictionary<(string BudgetId, string? Key, string Endpoint), AskTrail> _trails = new();
    private readonly ConcurrentDictionary<(string BudgetId, string? Key, DateTimeOffset Window, string Endpoint), long> _blocked = new();

    /// <summary>Notes a decision.</summary>
    /// <param name="decision">What was answered.</param>
    /// <param name="endpoint">The endpoint it was asked for.</param>
    /// <param name="externalId">The id of the request to come, or null.</param>
    /// <param name="now">When.</param>
    public void Note(Decision decision, string endpoint, string? externalId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var told = new Ask(decision.Action, decision.DegradedMode);
        foreach (var budget in decision.Budgets)
        {
            var (id, key) = (budget.Budget.Id, budget.Reading.Key);
            var ask = IsToldBy(decision, budget) ? told : default;
            if (_trails.TryGetValue((id, key, endpoint), out var trail) || (_trails.Count < MostTrails && (trail = _trails.GetOrAdd((id, key, endpoint), _ => new AskTrail())) is not null))
            {
                trail.Add(now, ask);
            }

            if (ask.Action == DecisionAction.Block && _blocked.Count < MostTrails)
            {
                _blocked.AddOrUpdate((id, key, budget.Reading.Window.Start, endpoint), 1, (_, count) => count + 1);
            }
        }

        if (externalId is not null)
        {
            Remember(externalId, told, [.. decision.Budgets.Where(budget => IsToldBy(decision, budget)).Select(budget => budget.Budget.Id)]);
        }
    }

    /// <summary>What the caller of a request was told by a budget; null where it did not ask.</summary>
    /// <param name="budgetId">The budget.</param>
    /// <param name="key">The budget's key of the request.</param>
    /// <param name="endpoint">Its endpoint.</param>
    /// <param name="externalId">Its id.</param>
    /// <param name="began">When the call began.</param>
    /// <param name="occurred">When it was made, as reported.</param>
    public Ask? Find(string budgetId, string? key, string endpoint, string externalId, DateTimeOffset began, DateTimeOffset occurred) =>
        _ids.TryGetValue(externalId, out var asked) ? (asked.By.Contains(budgetId) ? asked.Told : default)
        : _trails.TryGetValue((budgetId, key, endpoint), out var trail) ? trail.During(began, occurred)
        : null;

    /// <summary>Takes how often callers were told to stop since the last call.</summary>
    public IReadOnlyList<(string BudgetId, string? Key, DateTimeOffset Window, string Endpoint, long Count)> TakeBlocked() =>
    [
        .. _blocked.Keys.Select(place => _blocked.TryRemove(place, out var count) ? (place.BudgetId, place.Key, place.Window, place.Endpoint, count) : default)
            .Where(taken => taken.count > 0),
    ];

    /// <summary>Forgets who has not asked for an hour.</summary>
    public void Sweep(DateTimeOffset now)
    {
        foreach (var (place, trail) in _trails)
        {
            if (trail.Latest < now - Remembered)
            {
                _trails.TryRemove(place, out _);
            }
        }
    }

    private static bool IsToldBy(Decision decision, BudgetDecision budget) =>
        decision.Action != DecisionAction.Allow && budget.Action != DecisionAction.Allow;

    private void Remember(string externalId, Ask told, string[] by)
    {
        if (_ids.TryAdd(externalId, (told, by)))
        {
            _order.Enqueue(externalId);
            if (_order.Count > MostIds && _order.TryDequeue(out var oldest))
            {
                _ids.TryRemove(oldest, out _);
            }
        }
        else
        {
            _ids[externalId] = (told, by);
        }
    }
}
