using System.Collections.Concurrent;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;

namespace Opsmeter.Core.Replay;

/// <summary>What was counted by the hour before the first request of a replay; read once for all accounts. Thread-safe.</summary>
/// <param name="first">The first hour of the replay; a whole UTC hour.</param>
/// <param name="lookup">Reads the hours before it.</param>
internal sealed class EarlierHours(DateTimeOffset first, HourLookup lookup)
{
    // A window without end begins with the first request there is.
    private readonly TimeWindow _known = new(first == DateTimeOffset.MinValue ? first : first - ExpectedProfile.Learned, first);
    private readonly ConcurrentDictionary<(string BudgetId, Measure Measure), Lazy<IReadOnlyList<long>>> _read = new();

    /// <summary>The hours of a span, those of the replay from its own counts.</summary>
    public IReadOnlyList<long> With(HourCounts counts, Budget budget, Measure measure, TimeWindow hours)
    {
        var sums = counts.Read(measure, hours);
        if (hours.Start >= first)
        {
            return sums;
        }

        var earlier = _read.GetOrAdd((budget.Id, measure), _ => new Lazy<IReadOnlyList<long>>(() => lookup(budget, measure, _known))).Value;
        for (var i = 0; i < sums.Length; i++)
        {
            var at = (int)((hours.Start - _known.Start).Ticks / TimeSpan.TicksPerHour) + i;
            sums[i] += at >= 0 && at < earlier.Count ? earlier[at] : 0;
        }

        return sums;
    }
}
