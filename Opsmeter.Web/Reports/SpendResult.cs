namespace Opsmeter.Web.Reports;

/// <summary>What a plan summed: sums from cells and rows, latencies from rows.</summary>
/// <param name="Sums">The sums.</param>
/// <param name="Latency">The latencies by the same groups; null where they were not asked for.</param>
internal sealed record SpendResult(SpendAggregate Sums, SpendAggregate? Latency)
{
    private Dictionary<SpendGroup, int>? _places;

    /// <summary>The latencies of a group.</summary>
    public LatencySketch? LatencyOf(SpendGroup group)
    {
        if (Latency is null)
        {
            return null;
        }

        _places ??= Latency.Groups.Select((known, place) => (known, place)).ToDictionary(entry => entry.known, entry => entry.place);
        return _places.TryGetValue(group, out var at) ? Latency.LatencyAt(at) : null;
    }
}
