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
    private readonly ConcurrentDictionary<string, EndpointAsks> _endpoints = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string BudgetId, string? Key, DateTimeOffset Window, string Endpoint), long> _blocked = new();
    private int _trails;

    /// <summary>Notes a decision.</summary>
    /// <param name="decision">What was answered.</param>
    /// <param name="endpoint">The endpoint it was asked for.</param>
    /// <param name="externalId">The id of the request to come, or null.</param>
    /// <param name="now">When.</param>
    public void Note(Decision decision, string endpoint, string? externalId, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(decision);
        var told = new Ask(decision.Action, decision.DegradedMode);
        NoteTrails(decision, endpoint, told, now);
        foreach (var budget in decision.Budgets)
        {
            if (told.Action == DecisionAction.Block && IsToldBy(decision, budget) && _blocked.Count < MostTrails)
            {
                _blocked.AddOrUpdate((budget.Budget.Id, budget.Reading.Key, budget.Reading.Window.Start, endpoint), 1, (_, count) => count + 1);
            }
        }

        if (externalId is not null)
        {
            Remember(externalId, told, [.. decision.Budgets.Where(budget => IsToldBy(decision, budget)).Select(budget => budget.Budget.Id)]);
        }
    }

    /// <summary>What is known of the caller of one request.</summary>
    /// <param name="endpoint">Its endpoint.</param>
    /// <param name="externalId">Its id.</param>
    public RowAsks About(string endpoint, string externalId)
    {
        var isNamed = _ids.TryGetValue(externalId, out var asked);
        return new RowAsks(asked.Told, isNamed ? asked.By : null, isNamed ? null : _endpoints.GetValueOrDefault(endpoint));
    }

    /// <summary>Takes how often callers were told to stop since the last call.</summary>
    public IReadOnlyList<(string BudgetId, string? Key, DateTimeOffset Window, string Endpoint, long Count)> TakeBlocked() =>
    [
        .. _blocked.Keys.Select(place => _blocked.TryRemove(place, out var count) ? (place.BudgetId, place.Key, place.Window, place.Endpoint, count) : default)
            .Where(taken => taken.count > 0),
    ];

    /// <summary>Forgets who has not asked for an hour.</summary>
    public void Sweep(DateTimeOffset now)
    {
        foreach (var (endpoint, asks) in _endpoints)
        {
            Interlocked.Add(ref _trails, -asks.Sweep(now - Remembered, out var isOver));
            if (isOver)
            {
                _endpoints.TryRemove(endpoint, out _);
            }
        }
    }

    /// <summary>True where a budget had its part in what a caller was told.</summary>
    internal static bool IsToldBy(Decision decision, BudgetDecision budget) =>
        decision.Action != DecisionAction.Allow && budget.Action != DecisionAction.Allow;

    private void NoteTrails(Decision decision, string endpoint, Ask told, DateTimeOffset now)
    {
        if (decision.Budgets.Count == 0)
        {
            return;
        }

        while (true)
        {
            var most = MostTrails - Volatile.Read(ref _trails);
            if (!_endpoints.TryGetValue(endpoint, out var asks))
            {
                if (most <= 0)
                {
                    return;
                }

                asks = _endpoints.GetOrAdd(endpoint, _ => new EndpointAsks());
            }

            if (asks.TryNote(decision, told, now, most, out var added))
            {
                Interlocked.Add(ref _trails, added);
                return;
            }

            // Swept away a moment ago: the next turn makes it anew.
        }
    }

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
