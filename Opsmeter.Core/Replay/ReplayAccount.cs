using Opsmeter.Core.Budgets;
using Opsmeter.Core.Decisions;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Pricing;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Core.Replay;

/// <summary>
/// One telling of a replay: a pipeline and a board of its own, as the live engine has them, with the clock at each request.
/// Not thread-safe.
/// </summary>
internal sealed class ReplayAccount
{
    private readonly Pipeline _pipeline;
    private readonly PolicyBoard _board;
    private readonly PriceBook _book;
    private readonly TimeWindow _range;
    private readonly bool _isObeyed;
    private readonly Dictionary<string, HourCounts> _hours;
    private readonly List<Transition> _transitions = [];
    private readonly HashSet<(string BudgetId, DateTimeOffset Window, int Kind)> _alerts = [];
    private readonly WindowTrack? _windows;

    // The keys that have reached their warning: of all others a decision can only allow, so none is asked for.
    private readonly HashSet<(string BudgetId, string? Key)> _atRisk = [];
    private int _requests;
    private int _unpriced;
    private int _warnings;
    private int _exceeded;
    private int _degraded;
    private int _blocked;
    private Usd _spend;
    private Usd _avoided;
    private DateTimeOffset _advanceAt = DateTimeOffset.MinValue;

    /// <summary>Creates the account.</summary>
    /// <param name="policy">The policy; its enabled budgets take part.</param>
    /// <param name="book">Prices what a degraded request costs.</param>
    /// <param name="range">What is told; requests before it only bring the windows and paces to where they were.</param>
    /// <param name="isObeyed">True where callers do as told.</param>
    /// <param name="keepsWindows">True to keep what became of each window.</param>
    /// <param name="earlier">What was counted before the first request given.</param>
    public ReplayAccount(
        WorkspacePolicy policy, PriceBook book, TimeWindow range, bool isObeyed, bool keepsWindows, EarlierHours earlier)
    {
        (_book, _range, _isObeyed) = (book, range, isObeyed);
        var enabled = policy.Budgets.Where(budget => budget.Enabled).ToArray();
        _hours = enabled.ToDictionary(budget => budget.Id, _ => new HourCounts(), StringComparer.Ordinal);
        var meters = enabled.Select(budget => new BudgetMeters(
            budget, DateTimeOffset.MinValue, (_, _, _) => null, (of, measure, hours) => earlier.With(_hours[of.Id], of, measure, hours)));
        _pipeline = new Pipeline(policy, meters, Usd.Zero);
        _board = new PolicyBoard(policy, [.. enabled.Select(budget => new BudgetBoard(budget))]);
        _windows = keepsWindows ? new WindowTrack() : null;
    }

    public IReadOnlyList<Transition> Transitions => _transitions;

    public ReplayTally Tally => new()
    {
        Requests = _requests,
        Spend = _spend,
        Avoided = _avoided,
        Warnings = _warnings,
        Exceeded = _exceeded,
        Degraded = _degraded,
        Blocked = _blocked,
        Alerts = _alerts.Count,
        Unpriced = _unpriced,
    };

    public WindowTrack? Windows => _windows;

    /// <summary>Where each key stands when the range ends.</summary>
    public IReadOnlyList<WindowReading> Standings =>
        [.. _pipeline.Budgets.SelectMany(meters => meters.Readings()).Where(reading => reading.Window.Contains(_range.End))];

    /// <summary>Asks, where callers obey, and counts what is then sent.</summary>
    public void Take(PricedRow row, DecisionQuery query)
    {
        var now = row.Request.OccurredAt;
        if (now >= _advanceAt)
        {
            _pipeline.Advance(now);
            foreach (var board in _board.Budgets)
            {
                board.DropEnded(now);
            }

            _windows?.DropEnded(now);
            _advanceAt = ExpectedProfile.FloorOf(now).AddHours(1);
        }

        var isTold = now >= _range.Start;
        var sent = _isObeyed && isTold ? Obey(row, query, now) : row;
        if (isTold)
        {
            _requests++;
            _spend += sent?.Cost ?? Usd.Zero;
            _unpriced += sent is { Cost: null } ? 1 : 0;
        }

        if (sent is not null)
        {
            Count(sent, query.Dimensions, now, isTold);
        }
    }

    private void Count(PricedRow sent, Dimensions dimensions, DateTimeOffset now, bool isTold)
    {
        foreach (var meters in _pipeline.Budgets)
        {
            if (meters.Budget.Matches(dimensions))
            {
                _hours[meters.Budget.Id].Add(now, sent.Cost, sent.Request.Usage.Total);
            }
        }

        var transitions = _pipeline.Report(sent, null, now);
        if (isTold)
        {
            foreach (var transition in transitions)
            {
                Note(transition);
            }
        }

        foreach (var meters in _pipeline.Budgets)
        {
            foreach (var window in meters.Changes)
            {
                Show(meters, window, now);
                _windows?.See(meters.Budget.Id, window, meters.UseOf(window), isTold);
            }

            meters.ForgetChanges();
        }
    }

    private void Show(BudgetMeters meters, WindowMeter window, DateTimeOffset now)
    {
        if (!_isObeyed)
        {
            return;
        }

        var place = (meters.Budget.Id, window.Owner.Key);
        if (window.Standing.State >= BudgetState.Warning ? _atRisk.Add(place) | true : _atRisk.Contains(place))
        {
            _board.Find(meters.Budget.Id)!.Publish(meters.Read(window), now);
        }
    }

    private bool IsAtRisk(Dimensions dimensions)
    {
        foreach (var meters in _atRisk.Count == 0 ? [] : _pipeline.Budgets)
        {
            if (meters.Budget.Matches(dimensions) && meters.Budget.TryGetKey(dimensions, out var key) && _atRisk.Contains((meters.Budget.Id, key)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What a caller that does as told sends; null where it is blocked.</summary>
    private PricedRow? Obey(PricedRow row, DecisionQuery query, DateTimeOffset now)
    {
        if (!IsAtRisk(query.Dimensions))
        {
            return row;
        }

        var decision = DecisionEngine.Decide(_board, query, now);
        if (decision.Action == DecisionAction.Allow)
        {
            return row;
        }

        var isBlock = decision.Action == DecisionAction.Block;
        var strictest = decision.Budgets[0];
        _windows?.Tell(strictest.Budget.Id, strictest.Reading.Window, isBlock);
        if (isBlock)
        {
            _blocked++;
            _avoided += row.Cost ?? Usd.Zero;
            return null;
        }

        var sent = PolicyReplay.Degraded(row, decision.DegradedMode ?? DegradedMode.CallersChoice, _book);
        _degraded++;
        _avoided += row.Cost is { } full && sent.Cost is { } less ? full - less : Usd.Zero;
        return sent;
    }

    private void Note(Transition transition)
    {
        _transitions.Add(transition);
        var (from, to) = (transition.From, transition.To);
        _warnings += from.State < BudgetState.Warning && to.State >= BudgetState.Warning ? 1 : 0;
        _exceeded += from.State < BudgetState.Exceeded && to.State == BudgetState.Exceeded ? 1 : 0;
        if ((to.State, to.Confirmed).CompareTo((from.State, from.Confirmed)) > 0)
        {
            _alerts.Add((transition.BudgetId, transition.Window.Start, to.Confirmed ? (int)BudgetState.Exceeded + 1 : (int)to.State));
        }
    }
}
