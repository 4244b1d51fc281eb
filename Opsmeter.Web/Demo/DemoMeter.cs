using Opsmeter.Core;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Demo;

/// <summary>What a budget would have spent in its running window, by key.</summary>
internal sealed class DemoMeter(Budget budget, DateTimeOffset now)
{
    private readonly TimeWindow _window = new WindowCalendar(budget.Window).WindowAt(now);
    private readonly Dictionary<string, Usd> _spent = new(StringComparer.Ordinal);

    /// <summary>The most that any key spent.</summary>
    public Usd Highest => _spent.Count == 0 ? Usd.Zero : _spent.Values.MaxBy(spent => spent.Nano);

    /// <summary>Counts a request where the budget does.</summary>
    public void Count(Dimensions dimensions, PricedRow row)
    {
        if (row.Cost is { } cost && _window.Contains(row.Request.OccurredAt)
            && budget.Matches(dimensions) && budget.TryGetKey(dimensions, out var key))
        {
            _spent[key ?? ""] = _spent.GetValueOrDefault(key ?? "") + cost;
        }
    }
}
