using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Reads the spikes and deploys of a view. They change slowly: twice a minute at most, for everyone who looks.</summary>
public sealed class SpendTimelines(SpendReports reports, SpendSpikes spikes, VersionSightings versions, SlowReads slow)
{
    private const int MostDeploys = 12;
    private const int MostDrivers = 8;
    private const int DriversOfDimension = 2;
    private const double LeastShare = 0.1;

    /// <summary>How long a reading may be shown.</summary>
    public static readonly TimeSpan Keep = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan DeployBefore = TimeSpan.FromDays(2);

    /// <summary>Reads it.</summary>
    public Task<SpendTimeline> ReadAsync(SpendPeriod period, CancellationToken cancellation = default) =>
        slow.ReadAsync(period.WorkspaceId, KeyOf(period), Keep, () => MakeAsync(period), cancellation);

    /// <summary>What was read a moment ago, or null.</summary>
    public SpendTimeline? Recent(SpendPeriod period) => slow.Recall<SpendTimeline>(period.WorkspaceId, KeyOf(period), Keep);

    /// <summary>The spikes alone.</summary>
    public Task<IReadOnlyList<SpendSpike>> FindSpikesAsync(SpendPeriod period, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(period);
        return slow.ReadAsync(
            period.WorkspaceId, $"{nameof(SpendSpikes)} {SlowKey.Of(period)}", Keep, () => spikes.FindAsync(period.Query), cancellation);
    }

    private static string KeyOf(SpendPeriod period) => $"{nameof(SpendTimeline)} {SlowKey.Of(period)}";

    private async Task<SpendTimeline> MakeAsync(SpendPeriod period)
    {
        var found = await FindSpikesAsync(period);
        var lines = await versions.ReadAsync(period);
        return new SpendTimeline(found, DeploysOf(lines, period.Range.Window), found.Count == 0 ? [] : await DriversAsync(period, found[^1], lines));
    }

    private static List<Deploy> DeploysOf(IReadOnlyList<VersionLine> lines, TimeWindow range)
    {
        // On the first day of an endpoint every version is new, and none of them is a change.
        var since = lines.GroupBy(line => line.EndpointTag, StringComparer.Ordinal)
            .ToDictionary(endpoint => endpoint.Key, endpoint => endpoint.Min(line => line.FirstSeen), StringComparer.Ordinal);
        return
        [
            .. lines.Where(line => range.Contains(line.FirstSeen) && line.FirstSeen > since[line.EndpointTag])
                .OrderByDescending(line => line.Sums.Priced)
                .Take(MostDeploys)
                .Select(line => new Deploy(line.EndpointTag, line.PromptVersion, line.FirstSeen))
                .OrderBy(deploy => deploy.At),
        ];
    }

    private async Task<IReadOnlyList<SpikeDriver>> DriversAsync(SpendPeriod period, SpendSpike spike, IReadOnlyList<VersionLine> lines)
    {
        var all = await spikes.ReadDriversAsync(period.Query, spike);
        var order = SpendDrivers.Dimensions.ToList();
        var chosen = all.Where(entry => entry.Driver.ShareOfIncrease >= LeastShare)
            .GroupBy(entry => entry.Dimension)
            .SelectMany(group => group.Take(DriversOfDimension))
            .OrderByDescending(entry => entry.Driver.Change)
            .Take(MostDrivers)
            .OrderBy(entry => order.IndexOf(entry.Dimension))
            .ToArray();
        var trends = new Dictionary<(Dimension, string), decimal[]>();
        foreach (var group in chosen.Where(entry => entry.Driver.Value is not null).GroupBy(entry => entry.Dimension, entry => entry.Driver.Value!))
        {
            await AddTrendsAsync(period, group.Key, [.. group], trends);
        }

        return
        [
            .. chosen.Select(entry => new SpikeDriver(
                entry.Dimension, entry.Driver, trends.GetValueOrDefault((entry.Dimension, entry.Driver.Value ?? "")) ?? [], FirstSeen(entry.Dimension, entry.Driver.Value))),
        ];

        DateTimeOffset? FirstSeen(Dimension dimension, string? version) =>
            dimension == Dimension.PromptVersion
            && lines.Where(line => line.PromptVersion == version).Select(line => (DateTimeOffset?)line.FirstSeen).Min() is { } first
            && first >= spike.Window.Start - DeployBefore && first < spike.Window.End
                ? first
                : null;
    }

    /// <summary>Reads the values alone: of users there may be thousands.</summary>
    private async Task AddTrendsAsync(
        SpendPeriod period, Dimension dimension, IReadOnlyList<string> values, Dictionary<(Dimension, string), decimal[]> trends)
    {
        var query = period.ByColumn(dimension);
        query = query with { Only = new Dictionary<Dimension, IReadOnlyList<string>>(query.Only) { [dimension] = values } };
        foreach (var row in (await reports.ReadAsync(query)).Rows.Where(row => row.Value is not null))
        {
            var trend = trends.TryGetValue((dimension, row.Value!), out var known)
                ? known
                : trends[(dimension, row.Value!)] = new decimal[period.Range.Starts.Count];
            if (row.Bucket is { } bucket && period.Range.ColumnAt(bucket) is >= 0 and var column)
            {
                trend[column] += row.Sums.Priced.Dollars;
            }
        }
    }
}
