namespace Opsmeter.Web.Reports;

/// <summary>Exact percentiles by nearest rank of what was collected.</summary>
internal sealed class LatencyCollector
{
    private readonly Dictionary<(SpendGroup Group, DateTimeOffset? Bucket), List<int>> _groups = [];

    public void Add((SpendGroup Group, DateTimeOffset? Bucket) key, int milliseconds)
    {
        if (!_groups.TryGetValue(key, out var group))
        {
            _groups[key] = group = [];
        }

        group.Add(milliseconds);
    }

    public LatencyPercentiles? Of((SpendGroup Group, DateTimeOffset? Bucket) key) =>
        _groups.TryGetValue(key, out var group) ? PercentilesOf(group) : null;

    public LatencyPercentiles? Total()
    {
        List<int> all = [.. _groups.Values.SelectMany(group => group)];
        return all.Count == 0 ? null : PercentilesOf(all);
    }

    private static LatencyPercentiles PercentilesOf(List<int> group)
    {
        group.Sort();
        return new LatencyPercentiles(At(50), At(95));

        int At(int percent) => group[(int)Math.Ceiling(percent / 100m * group.Count) - 1];
    }
}
