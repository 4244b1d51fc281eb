using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Replay;

/// <summary>What became of each window in one account, its keys together. Not thread-safe.</summary>
internal sealed class WindowTrack
{
    private readonly Dictionary<(string BudgetId, string? Key, DateTimeOffset Start), (Usd Spend, BudgetState State, DateTimeOffset End)> _keys = [];
    private readonly Dictionary<(string BudgetId, DateTimeOffset Start), Sum> _windows = [];

    /// <summary>The windows, oldest first.</summary>
    public IEnumerable<Sum> Windows => _windows.Values.OrderBy(sum => sum.Window.Start).ThenBy(sum => sum.BudgetId, StringComparer.Ordinal);

    /// <summary>Takes over where a window stands.</summary>
    /// <param name="budgetId">The budget.</param>
    /// <param name="meter">Where it stands.</param>
    /// <param name="use">Its highest used ÷ limit.</param>
    /// <param name="isTold">False before the range: what it spent then is in its sum, but alone it is not told.</param>
    public void See(string budgetId, WindowMeter meter, decimal use, bool isTold)
    {
        var place = (budgetId, meter.Owner.Key, meter.Window.Start);
        var before = _keys.GetValueOrDefault(place);
        var state = meter.Standing.State;
        _keys[place] = (meter.Sums.Spend, state, meter.Window.End);
        var window = Of(budgetId, meter.Window);
        window.Spend += meter.Sums.Spend - before.Spend;
        window.Use = Math.Max(window.Use, use);
        window.State = state > window.State ? state : window.State;
        window.KeysExceeded += before.State < BudgetState.Exceeded && state == BudgetState.Exceeded ? 1 : 0;
        window.IsTold |= isTold;
    }

    /// <summary>Notes a request that was degraded or blocked.</summary>
    public void Tell(string budgetId, TimeWindow window, bool isBlock)
    {
        var sum = Of(budgetId, window);
        sum.IsTold = true;
        sum.Degraded += isBlock ? 0 : 1;
        sum.Blocked += isBlock ? 1 : 0;
    }

    /// <summary>Forgets the keys of windows that are over; their sums stay.</summary>
    public void DropEnded(DateTimeOffset now)
    {
        foreach (var place in _keys.Where(key => key.Value.End <= now).Select(key => key.Key).ToArray())
        {
            _keys.Remove(place);
        }
    }

    public Sum? Find(string budgetId, TimeWindow window) => _windows.GetValueOrDefault((budgetId, window.Start));

    private Sum Of(string budgetId, TimeWindow window)
    {
        if (!_windows.TryGetValue((budgetId, window.Start), out var sum))
        {
            _windows[(budgetId, window.Start)] = sum = new Sum(budgetId, window);
        }

        return sum;
    }

    /// <summary>One window.</summary>
    internal sealed class Sum(string budgetId, TimeWindow window)
    {
        public string BudgetId => budgetId;

        public TimeWindow Window => window;

        public Usd Spend { get; set; }

        public decimal Use { get; set; }

        public BudgetState State { get; set; }

        public int KeysExceeded { get; set; }

        public int Degraded { get; set; }

        public int Blocked { get; set; }

        public bool IsTold { get; set; }
    }
}
