namespace Opsmeter.Core.Metering;

/// <summary>What was counted in each UTC hour. Not thread-safe.</summary>
public sealed class HourCounts
{
    private readonly Dictionary<long, (long Nano, long Requests, long Tokens)> _hours = [];

    /// <summary>Counts one request.</summary>
    /// <param name="occurredAt">When it occurred.</param>
    /// <param name="cost">What it cost; nothing where it was unpriced.</param>
    /// <param name="tokens">Its input and output tokens.</param>
    public void Add(DateTimeOffset occurredAt, Usd? cost, long tokens)
    {
        var hour = occurredAt.UtcTicks / TimeSpan.TicksPerHour;
        var (nano, requests, sum) = _hours.GetValueOrDefault(hour);
        _hours[hour] = (nano + (cost?.Nano ?? 0), requests + 1, sum + tokens);
    }

    /// <summary>One sum for each hour of a span, from its start, inclusive, to its end, exclusive; both whole hours.</summary>
    public long[] Read(Measure measure, TimeWindow hours)
    {
        var first = hours.Start.UtcTicks / TimeSpan.TicksPerHour;
        var sums = new long[(int)((hours.End - hours.Start).Ticks / TimeSpan.TicksPerHour)];
        for (var i = 0; i < sums.Length; i++)
        {
            var (nano, requests, tokens) = _hours.GetValueOrDefault(first + i);
            sums[i] = measure switch
            {
                Measure.Usd => nano,
                Measure.Requests => requests,
                Measure.Tokens => tokens,
            };
        }

        return sums;
    }
}
