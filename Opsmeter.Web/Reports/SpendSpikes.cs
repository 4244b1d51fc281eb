using Opsmeter.Core;
using Opsmeter.Core.Analysis;
using Opsmeter.Core.Budgets;
using Opsmeter.Core.Metering;
using Opsmeter.Core.Telemetry;

namespace Opsmeter.Web.Reports;

/// <summary>Finds the spikes in a range and what drove each of them.</summary>
public sealed class SpendSpikes(SpendReports reports, Storage.Boards boards, TimeProvider time)
{
    private const int DriversOfDimension = 3;
    private const int MostSpikes = 50;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private static readonly Dimension[] Dimensions =
        [Dimension.EndpointTag, Dimension.TenantId, Dimension.UserId, Dimension.PromptVersion, Dimension.Model];

    /// <summary>The spikes that share an hour with the range, the latest 50 of them, the oldest first.</summary>
    /// <param name="query">Range and filters; what it groups by is ignored.</param>
    /// <param name="cancellation">Stops reading.</param>
    public async Task<IReadOnlyList<SpikeReport>> ReadAsync(SpendQuery query, CancellationToken cancellation = default)
    {
        var first = HourOf(query.Range.Start) - SpikeDetector.History;
        var last = HourOf(Earlier(query.Range.End, time.GetUtcNow()) - TimeSpan.FromTicks(1)) + Hour;
        if (last <= first)
        {
            return [];
        }

        var hours = new Usd[(int)((last - first) / Hour)];
        var report = await reports.ReadAsync(
            query with { Range = new TimeWindow(first, last), GroupBy = null, ThenBy = null, Interval = WindowKind.Hour, TimeZone = "UTC", WithLatency = false },
            cancellation);
        foreach (var row in report.Rows)
        {
            hours[(int)((row.Bucket!.Value - first) / Hour)] += row.Sums.Priced;
        }

        var spikes = new List<SpikeReport>();
        foreach (var spike in SpikeDetector.Find(first, hours).Where(spike => spike.Window.Overlaps(query.Range)).TakeLast(MostSpikes))
        {
            spikes.Add(new SpikeReport(spike, await DriversAsync(query, spike.Window, cancellation)));
        }

        return spikes;
    }

    /// <summary>What rose in a window against the same hours a week before, the greatest share first.</summary>
    private async Task<IReadOnlyList<(Dimension Dimension, Driver Driver)>> DriversAsync(
        SpendQuery query, TimeWindow window, CancellationToken cancellation)
    {
        var isTenantTheUser = boards[query.WorkspaceId].Policy.Settings.TenantFrom == TenantSource.UserId;
        var drivers = new List<(Dimension Dimension, Driver Driver)>();
        foreach (var dimension in Dimensions.Where(dimension => dimension != Dimension.TenantId || !isTenantTheUser))
        {
            var now = await SumsAsync(window, dimension);
            if (now.Exists(entry => entry.Value is not null))
            {
                var usual = await SumsAsync(new TimeWindow(window.Start - Week, window.End - Week), dimension);
                drivers.AddRange(DriverBreakdown.Of(now, usual, DriversOfDimension).Select(driver => (dimension, driver)));
            }
        }

        return [.. drivers.OrderByDescending(entry => entry.Driver.Change)];

        async Task<List<(string? Value, Usd Cost)>> SumsAsync(TimeWindow range, Dimension dimension)
        {
            var report = await reports.ReadAsync(
                query with { Range = range, GroupBy = dimension, ThenBy = null, Interval = null, WithLatency = false }, cancellation);
            return [.. report.Rows.Select(row => (row.Value, row.Sums.Priced))];
        }
    }

    private static DateTimeOffset HourOf(DateTimeOffset moment) =>
        new(moment.UtcTicks - (moment.UtcTicks % Hour.Ticks), TimeSpan.Zero);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}

/// <summary>A spike and what drove it.</summary>
/// <param name="Spike">The spike.</param>
/// <param name="Drivers">At most three values of each dimension, the greatest rise first.</param>
public sealed record SpikeReport(SpendSpike Spike, IReadOnlyList<(Dimension Dimension, Driver Driver)> Drivers);
