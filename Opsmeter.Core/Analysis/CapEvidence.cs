using Opsmeter.Core.Budgets;

namespace Opsmeter.Core.Analysis;

/// <summary>
/// Collects what a budget would count, to say which cap it needs: quarters of an hour against the same hour of other weeks,
/// and tenants' days. Give it the requests in any order. Not thread-safe.
/// </summary>
/// <param name="zone">The zone whose hours of a week are alike.</param>
public sealed class CapEvidence(TimeZoneInfo zone)
{
    private const decimal PeakRatio = 5;
    private const decimal SurgeRatio = 3;
    private const decimal LeastVariation = 1;
    private const decimal LeastTenantShare = 0.20m;
    private const decimal LeastExcessUsd = 1;
    private const decimal LeastExcessShare = 0.01m;
    private const int MostSurges = 2;
    private const int LongestSurgeQuarters = 4;
    private const int QuartersADay = 96;
    private const int LeastDays = 14;
    private const long Quarter = 15 * TimeSpan.TicksPerMinute;

    private readonly Dictionary<long, long> _quarters = [];
    private readonly Dictionary<string, Dictionary<DateOnly, long>> _tenants = new(StringComparer.Ordinal);
    private bool _isOther;

    /// <summary>Takes a request that the budget would count.</summary>
    /// <param name="at">When it occurred.</param>
    /// <param name="cost">What it cost.</param>
    /// <param name="tenant">Its tenant, or null.</param>
    /// <param name="tier">Its endpoint's tier.</param>
    public void Take(DateTimeOffset at, Usd cost, string? tenant, Tier tier)
    {
        var quarter = at.UtcTicks / Quarter;
        _quarters[quarter] = _quarters.GetValueOrDefault(quarter) + cost.Nano;
        _isOther |= tier != Tier.Tier1;
        if (tenant is not null)
        {
            if (!_tenants.TryGetValue(tenant, out var days))
            {
                _tenants[tenant] = days = [];
            }

            var day = DateOnly.FromDateTime(Local(quarter).DateTime);
            days[day] = days.GetValueOrDefault(day) + cost.Nano;
        }
    }

    /// <summary>What it says, what wants a hard cap first; empty where there is too little to say anything.</summary>
    public IReadOnlyList<CapAdvice> Advise()
    {
        if (_quarters.Count == 0)
        {
            return [];
        }

        var (first, last) = (_quarters.Keys.Min(), _quarters.Keys.Max());
        var days = (int)((last - first) / QuartersADay) + 1;
        var advice = new List<CapAdvice>();
        if (days >= LeastDays)
        {
            var above = Above(first, last, days);
            if (above.Where(each => each.Ratio >= PeakRatio).OrderByDescending(each => each.Ratio).Select(each => (Surge?)each).FirstOrDefault() is { } peak)
            {
                advice.Add(new CapAdvice(CapAdvice.Reason.Peak) { Ratio = peak.Ratio, Amount = new Usd(_quarters[peak.Quarter]), At = Local(peak.Quarter), Days = days });
            }

            advice.AddRange(Varying(days));
            var surges = Spans(above);
            if (surges.Count <= MostSurges && surges.All(quarters => quarters <= LongestSurgeQuarters))
            {
                advice.Add(new CapAdvice(CapAdvice.Reason.FewSurges) { Surges = surges.Count, Days = days });
            }
        }

        if (!_isOther)
        {
            advice.Add(new CapAdvice(CapAdvice.Reason.Tier1) { Days = days });
        }

        return advice;
    }

    /// <summary>The quarters that cost far more than the same hour of other weeks does, in order of time.</summary>
    private List<Surge> Above(long first, long last, int days)
    {
        var hours = new Dictionary<int, (long Sum, int Count)>();
        for (var quarter = first - (first % 4); quarter <= last; quarter += 4)
        {
            var (sum, count) = hours.GetValueOrDefault(SlotOf(quarter));
            hours[SlotOf(quarter)] = (sum + HourOf(quarter), count + 1);
        }

        var leastExcess = Math.Max(LeastExcessUsd, new Usd(_quarters.Values.Sum()).Dollars / days * LeastExcessShare);
        var above = new List<Surge>();
        foreach (var (quarter, spent) in _quarters.OrderBy(each => each.Key))
        {
            var (sum, count) = hours[SlotOf(quarter)];
            var expected = count < 2 ? 0 : (sum - HourOf(quarter - (quarter % 4))) / (decimal)(count - 1) / 4;
            if (expected > 0 && spent >= SurgeRatio * expected && (spent - expected) / Usd.NanoPerDollar >= leastExcess)
            {
                above.Add(new Surge(quarter, spent / expected));
            }
        }

        return above;
    }

    /// <summary>How many quarters each surge lasted; those within an hour of each other are one.</summary>
    private static List<int> Spans(List<Surge> above)
    {
        var spans = new List<int>();
        long? begun = null;
        var end = long.MinValue;
        foreach (var (quarter, _) in above)
        {
            if (begun is { } start && quarter - end > LongestSurgeQuarters)
            {
                spans.Add((int)(end - start) + 1);
                begun = null;
            }

            begun ??= quarter;
            end = quarter;
        }

        return begun is { } last ? [.. spans, (int)(end - last) + 1] : spans;
    }

    private IEnumerable<CapAdvice> Varying(int days)
    {
        var total = (decimal)_quarters.Values.Sum();
        foreach (var (tenant, sums) in _tenants)
        {
            var spent = (decimal)sums.Values.Sum();
            if (total > 0 && spent / total >= LeastTenantShare)
            {
                var mean = (double)spent / days;
                var square = (sums.Values.Sum(day => ((double)day - mean) * ((double)day - mean)) + ((days - sums.Count) * mean * mean)) / days;
                var variation = (decimal)(Math.Sqrt(square) / mean);
                if (variation >= LeastVariation)
                {
                    yield return new CapAdvice(CapAdvice.Reason.Tenant) { Tenant = tenant, Ratio = variation, Share = spent / total, Days = days };
                }
            }
        }
    }

    private long HourOf(long quarter) => Enumerable.Range(0, 4).Sum(i => _quarters.GetValueOrDefault(quarter + i));

    private int SlotOf(long quarter)
    {
        var local = Local(quarter - (quarter % 4));
        return ((int)local.DayOfWeek * 24) + local.Hour;
    }

    private DateTimeOffset Local(long quarter) => TimeZoneInfo.ConvertTime(new DateTimeOffset(quarter * Quarter, TimeSpan.Zero), zone);

    private readonly record struct Surge(long Quarter, decimal Ratio);
}
