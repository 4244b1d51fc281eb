namespace Opsmeter.Core.Analysis;

/// <summary>What a usual day costs, value by value: the median of its days, so that one runaway moves nothing. Not thread-safe.</summary>
/// <param name="zone">The zone whose days are meant.</param>
/// <param name="now">The server's now: the day that runs is left out, unless there is no other.</param>
public sealed class UsualDays(TimeZoneInfo zone, DateTimeOffset now)
{
    private readonly Dictionary<string, Dictionary<DateOnly, long>> _days = new(StringComparer.Ordinal);

    /// <summary>The values, dearest first.</summary>
    public IEnumerable<(string Value, Usd Spend)> Values => _days
        .Select(each => (each.Key, Spend: new Usd(each.Value.Values.Sum()))).OrderByDescending(each => each.Spend).ThenBy(each => each.Key, StringComparer.Ordinal);

    /// <summary>Adds a request.</summary>
    /// <param name="value">Its value; null adds nothing.</param>
    /// <param name="at">When it occurred.</param>
    /// <param name="cost">What it cost.</param>
    public void Add(string? value, DateTimeOffset at, Usd cost)
    {
        var day = DayOf(at);
        if (value is null)
        {
            return;
        }

        if (!_days.TryGetValue(value, out var sums))
        {
            _days[value] = sums = [];
        }

        sums[day] = sums.GetValueOrDefault(day) + cost.Nano;
    }

    /// <summary>A value's usual day; zero where it has none.</summary>
    public Usd Of(string value)
    {
        if (!_days.TryGetValue(value, out var sums))
        {
            return Usd.Zero;
        }

        var (from, to) = (sums.Keys.Min(), DayOf(now));
        var all = Enumerable.Range(0, Math.Max(1, to.DayNumber - from.DayNumber)).Select(i => sums.GetValueOrDefault(from.AddDays(i))).Order().ToArray();
        var middle = all.Length / 2;
        return new Usd(all.Length % 2 == 1 ? all[middle] : (all[middle - 1] + all[middle]) / 2);
    }

    private DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
}
